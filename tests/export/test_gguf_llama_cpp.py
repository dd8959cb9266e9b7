"""GGUF files in llama.cpp itself: they split words and answer as the tuned model does in transformers."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.export.gguf_made import ODD_TEXTS, PROMPTS, Llama, Transformers, made_model, parting, tuned_run, write
from tests.export.gguf_tokenizers import WORDS, make_bytes, make_pieces
from tests.training.in_process import create, train
from workbench.config.build import build
from workbench.errors import RunError
from workbench.export.gguf.model import GgufModel
from workbench.export.targets import TARGETS

pytestmark = [pytest.mark.slow, pytest.mark.needs_llama]

STARTER = Path(__file__).parents[2] / "presets" / "model"
KINDS = ("llama", "mistral", "qwen2", "qwen3", "gemma", "phi3", "gpt2")
_STRETCHED = {
    **{"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "original_max_position_embeddings": 64},
    **{"low_freq_factor": 1.0, "high_freq_factor": 4.0},
}
MODELS: dict[str, Callable[[Path], Path]] = {
    **{kind: partial(made_model, kind=kind) for kind in KINDS},
    "untied": partial(made_model, kind="llama", tied=False),
    "llama of pieces": lambda folder: made_model(folder, "llama", make_pieces(space_first=True)),
    "gemma of pieces": lambda folder: made_model(folder, "gemma", make_pieces(space_first=False)),
    "phi3 of pieces": lambda folder: made_model(folder, "phi3", make_pieces(space_first=True, swallowing=True)),
    "stretched llama": partial(made_model, kind="llama", rope_parameters=_STRETCHED),
}
_OF_A_TABLE = ("gpt2", "gemma", "gemma of pieces")
"""llama.cpp looks GELU up in a table of numbers of 16 bits."""

_PIRATE = {
    **{"model.path": "starter", "data.path": "pirate", "training.max_steps": 40},
    **{"evaluation.watched_prompts": 0, "hardware.priority": "normal"},
}
_HELLO = "<|im_start|>user\nHello!<|im_end|>\n<|im_start|>assistant\n"

_NEARLY_ALIKE = {"F32": 1e-4, "F16": 0.01}
"""How near two tokens must be, as a share of the spread of all, that rounding may choose the other."""


@pytest.mark.parametrize("model", MODELS)
def test_it_splits_words_and_goes_on_as_the_tuned_model(model: str, root: Path, tmp_path: Path) -> None:
    run = tuned_run(root, MODELS[model](tmp_path / "model"), "phi3-like")
    due = Transformers(run)
    found = {numbers: Llama(write(run, "gguf", numbers, tmp_path / numbers)) for numbers in _NEARLY_ALIKE}
    assert [found["F32"].encode(text) for text in ODD_TEXTS] == [due.encode(text) for text in ODD_TEXTS]
    assert len(PROMPTS) >= 20
    for numbers, reader in found.items():
        assert max(parting(reader, due, text) for text in PROMPTS) <= _NEARLY_ALIKE[numbers], numbers
    ids = due.encode(PROMPTS[0])
    assert abs(found["F32"].logits(ids) - due.logits(ids)).max() <= (5e-3 if model in _OF_A_TABLE else 1e-3)


@pytest.mark.usefixtures("reading_here")
def test_the_starter_talks_like_a_pirate_once_it_has_learned_to(root: Path, tmp_path: Path) -> None:
    run = train(create(build(_PIRATE), root))
    base = write(tuned_run(root, STARTER, "untouched", untouched=True), "gguf", "F32", tmp_path / "base")
    tuned = {numbers: write(run, "gguf", numbers, tmp_path / numbers) for numbers in _NEARLY_ALIKE}
    beside = Llama(base, write(run, "gguf-lora", "F32", tmp_path / "beside"))
    due, found = Transformers(run), [*(Llama(file) for file in tuned.values()), beside]
    for reader, nearly in zip(found, [*_NEARLY_ALIKE.values(), _NEARLY_ALIKE["F32"]], strict=True):
        assert [reader.encode(text) for text in ODD_TEXTS] == [due.encode(text) for text in ODD_TEXTS]
        assert max(parting(reader, due, text) for text in PROMPTS) <= nearly
    answers = [reader.answer(_HELLO) for reader in found]
    assert len(set(answers)) == 1 and "Arr" in answers[0]
    assert "Arr" not in Llama(base).answer(_HELLO)


@pytest.mark.parametrize("way", WORDS)
def test_words_are_found_as_the_tokenizer_finds_them(way: str, root: Path, tmp_path: Path) -> None:
    run = tuned_run(root, made_model(tmp_path / "model", "llama", make_bytes(way)), "tuned")
    found = Llama(write(run, "gguf", "F16", tmp_path / "out"))
    due = Transformers(run)
    assert [found.encode(text) for text in ODD_TEXTS] == [due.encode(text) for text in ODD_TEXTS]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("llama", {}),
        ("llama", {"use_rslora": True}),
        ("llama", {"rank_pattern": {"q_proj": 8}, "alpha_pattern": {"q_proj": 16}}),
        ("gpt2", {}),
        ("phi3", {}),
        ("gemma", {}),
    ],
)
def test_an_adapter_beside_its_base_goes_on_as_the_tuned_model(
    kind: str, settings: dict[str, Any], root: Path, tmp_path: Path
) -> None:
    run = tuned_run(root, made_model(tmp_path / "model", kind), "tuned", **settings)
    untouched = tuned_run(root, tmp_path / "model", "untouched", untouched=True)
    base = write(untouched, "gguf", "F32", tmp_path / "base")
    due, found = Transformers(run), Llama(base, write(run, "gguf-lora", "F32", tmp_path / "out"))
    assert max(parting(found, due, text) for text in PROMPTS) == 0.0
    ids = due.encode(PROMPTS[0])
    assert abs(found.logits(ids) - due.logits(ids)).max() <= 5e-3
    assert abs(Llama(base).logits(ids) - due.logits(ids)).max() > 0.1


@pytest.mark.parametrize("numbers", [name for name in TARGETS["gguf"].numbers if name not in _NEARLY_ALIKE])
def test_every_number_format_passes_its_checks_and_is_as_large_as_foretold(
    numbers: str, root: Path, tmp_path: Path
) -> None:
    run = tuned_run(root, STARTER, "tuned")
    file = write(run, "gguf", numbers, tmp_path / "out")
    assert TARGETS["gguf"].size_bytes(run, numbers) == pytest.approx(file.stat().st_size, rel=0.02)


def test_a_file_that_llama_cpp_hears_otherwise_is_not_taken_for_right(root: Path, tmp_path: Path) -> None:
    model = made_model(tmp_path / "model", "llama")
    file = write(tuned_run(root, model, "tuned"), "gguf", "F32", tmp_path / "out")
    other = GgufModel(tuned_run(root, model, "untouched", untouched=True), "F32")
    file.rename(file.with_name(other.file.name))
    from workbench.export.gguf.llama import try_in_llama

    with pytest.raises(RunError, match="answers “Hello! How are you"):
        try_in_llama(other, tmp_path / "out")
