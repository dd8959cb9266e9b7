"""Fits, tight or will not fit, and which model is the best that fits."""

from dataclasses import replace

import pytest

from workbench.hardware.devices import machine
from workbench.memory.fit import best, fit, free_gb
from workbench.models.suggested import suggested

SMALLEST, *_, LARGEST = [entry.facts() for entry in suggested()]
MODELS = [entry.facts() for entry in suggested()]


def test_a_verdict_follows_from_what_is_needed_and_free() -> None:
    needed_gb = fit(LARGEST, 100).needed_gb
    assert 2 * LARGEST.parameters / 1e9 < needed_gb < 20
    assert [fit(LARGEST, share * needed_gb).verdict for share in (1.5, 1.1, 0.9)] == ["fits", "tight", "will not fit"]


def test_both_figures_stand_in_the_sentence() -> None:
    known = fit(LARGEST, 100)
    assert known.sentence() == f"Tuning needs about {known.needed_gb:.1f} GB of memory, and 100.0 GB are free."


def test_qlora_is_named_only_where_it_would_help() -> None:
    known = fit(LARGEST, 100)
    assert known.in_4_bit_gb < known.needed_gb
    between_gb = (known.in_4_bit_gb + known.needed_gb) / 2
    assert "With QLoRA it is about" in fit(LARGEST, between_gb).sentence()
    assert "QLoRA" not in fit(LARGEST, 0.9 * known.in_4_bit_gb).sentence()
    unknown_layers = replace(LARGEST, linear_shapes={})
    assert "QLoRA" not in fit(unknown_layers, 1.1 * known.needed_gb).sentence()


def test_the_best_is_the_largest_that_fits_and_does_not_take_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert best(MODELS, 0.5) is None
    just_enough_gb = 1.5 * fit(SMALLEST, 0).needed_gb
    assert best([SMALLEST, LARGEST], just_enough_gb) == SMALLEST.name
    monkeypatch.setattr("workbench.memory.fit.step_seconds", lambda *given: (0.1, 0.1))
    assert best(MODELS, 1000) == LARGEST.name
    monkeypatch.setattr("workbench.memory.fit.step_seconds", lambda *given: (1e4, 1e4))
    assert best(MODELS, 1000) == SMALLEST.name


def test_what_the_fast_path_covers_does_not_take_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.memory.fit.machine", lambda: replace(machine(), cores=2, gpu=None))
    olmo, qwen = (next(known for known in MODELS if name in known.name) for name in ("OLMo-2-0425-1B", "Qwen2.5-1.5B"))
    assert best([olmo, qwen], 1000) == qwen.name
    assert best([olmo, replace(qwen, architecture="OtherForCausalLM")], 1000) == olmo.name


def test_this_machine_has_some_memory() -> None:
    assert free_gb() > 0
