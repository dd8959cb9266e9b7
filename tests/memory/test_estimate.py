"""What training needs of memory, by hand."""

from dataclasses import replace
from pathlib import Path

from workbench.config.build import build
from workbench.hardware.devices import machine
from workbench.memory.estimate import Load, terms
from workbench.models.facts import facts
from workbench.models.quantization import WHOLE
from workbench.training.auto import Circumstances, resolve


def test_a_weight_that_is_trained_is_held_once_with_its_gradient_and_two_moments(tiny_model: Path) -> None:
    known = facts(tiny_model)
    every = known.parameters
    full = Load("fp32", WHOLE, every, "adamw", 1, 8, False, inside=every)
    held = terms(known, full)
    assert (held["weights"], held["trained, gradients, optimizer"]) == (0, 16 * every)
    held = terms(known, replace(full, precision="bf16"))
    assert (held["weights"], held["trained, gradients, optimizer"]) == (0, 20 * every)
    held = terms(known, replace(full, precision="bf16", trainable=320, inside=320))
    assert (held["weights"], held["trained, gradients, optimizer"]) == (2 * (every - 320), 20 * 320)
    beside = terms(known, replace(full, trainable=320, inside=0))
    assert (beside["weights"], beside["trained, gradients, optimizer"]) == (4 * every, 16 * 320)


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
