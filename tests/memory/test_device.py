"""What training takes of a GPU, and of the computer beside it, by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.memory.device import device_estimate, host_estimate
from workbench.memory.standard import Load, standard_estimate
from workbench.models.facts import ModelFacts
from workbench.models.quantization import WHOLE, Quantization

_INSIDE = {f"layers.{layer}.{name}": (1024, 1024) for layer in range(8) for name in ("q", "o")}
_MODEL = ModelFacts(
    "made",
    Path(),
    parameters=16 * 1024**2 + 32_000 * 1024,
    hidden_size=1024,
    layers=8,
    heads=16,
    head_size=64,
    key_value_width=1024,
    vocabulary=32_000,
    linear_shapes=_INSIDE,
    shapes={**_INSIDE, "embed": (32_000, 1024)},
)
_LOAD = Load("bf16", WHOLE, 10**6, "adamw", micro_batch_size=4, length=512, gradient_checkpointing=False)


def test_a_gpu_holds_what_a_processor_would_and_its_own_besides() -> None:
    there, here = device_estimate(_MODEL, _LOAD).terms, standard_estimate(_MODEL, _LOAD).moments["training"]
    for name in ("weights", "trained", "gradients", "optimizer", "activations", "logits"):
        assert there[name] == here[name] > 0
    assert there["context"] > 0.3e9
    assert "libraries" not in there


def test_the_allocator_keeps_a_share_of_what_comes_and_goes() -> None:
    short, long = (device_estimate(_MODEL, replace(_LOAD, length=length)).terms for length in (256, 512))
    grown = sum(long[name] - short[name] for name in ("activations", "logits"))
    assert long["overhead"] - short["overhead"] == pytest.approx(0.1 * grown)


def test_codes_are_made_numbers_one_layer_at_a_time() -> None:
    whole, coded = (
        device_estimate(_MODEL, replace(_LOAD, quantization=kind)).terms for kind in (WHOLE, Quantization("nf4"))
    )
    assert coded["weights"] < whole["weights"]
    assert coded["workspace"] - whole["workspace"] == 2 * 1024 * 1024


def test_an_update_of_every_weight_holds_a_number_more_of_each() -> None:
    every = 200 * 10**6
    short = replace(_LOAD, trainable=every, micro_batch_size=1, length=1)
    needed = device_estimate(_MODEL, short).terms
    assert needed["gradients"] == 4 * every
    assert needed["workspace"] == 32 * 1024**2 + 4 * every
    assert device_estimate(_MODEL, replace(short, optimizer="adamw_8bit")).terms["workspace"] == 32 * 1024**2


def test_a_paged_optimizer_leaves_the_gpu_for_the_computer() -> None:
    paged = replace(_LOAD, optimizer="paged_adamw")
    assert device_estimate(_MODEL, paged).terms["optimizer"] == 0
    assert host_estimate(_MODEL, paged).moments["training"]["optimizer"] == 8 * 10**6
    assert host_estimate(_MODEL, _LOAD).moments["training"]["optimizer"] == 0


def test_weights_pass_through_the_computer_one_after_the_other() -> None:
    needed = host_estimate(_MODEL, _LOAD)
    assert needed.moments["loading"]["workspace"] == 4 * 32_000 * 1024
    assert needed.gb < 2
