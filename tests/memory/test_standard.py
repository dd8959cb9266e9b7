"""What training needs of memory, by hand."""

from dataclasses import replace
from pathlib import Path

from workbench.config.build import build
from workbench.hardware.devices import machine
from workbench.memory.standard import Load, standard_estimate
from workbench.memory.terms import Terms
from workbench.models.facts import facts
from workbench.models.quantization import WHOLE
from workbench.training.auto import Circumstances, resolve


def _trained(held: Terms) -> float:
    return held["trained"] + held["gradients"] + held["optimizer"]


def test_a_weight_that_is_trained_is_held_once_with_its_gradient_and_two_moments(tiny_model: Path) -> None:
    known = facts(tiny_model)
    every = known.parameters
    full = Load("fp32", WHOLE, every, "adamw", 1, 8, False, inside=every)
    held = standard_estimate(known, full).terms
    assert (held["weights"], _trained(held)) == (0, 16 * every)
    held = standard_estimate(known, replace(full, precision="bf16")).terms
    assert (held["weights"], _trained(held)) == (0, 20 * every)
    held = standard_estimate(known, replace(full, precision="bf16", trainable=320, inside=320)).terms
    assert (held["weights"], _trained(held)) == (2 * (every - 320), 20 * 320)
    beside = standard_estimate(known, replace(full, trainable=320, inside=0)).terms
    assert (beside["weights"], _trained(beside)) == (4 * every, 16 * 320)


def test_less_is_computed_at_once_where_every_weight_is_trained(tiny_model: Path) -> None:
    """The gradients and moments of a billion weights leave no room for more."""
    known = replace(facts(tiny_model), parameters=10**9, shapes={"every": (10**9,)}, layers=16, hidden_size=2048)
    around = Circumstances(known, machine(), 24.0, 100, 512)
    micro = {}
    for method in ("lora", "full"):
        config, _ = resolve(
            build({"method.name": method, "model.precision": "fp32", "training.batch_size": 16}), around
        )
        micro[method] = config.training.micro_batch_size
    assert micro["full"] == 1 < int(micro["lora"])
