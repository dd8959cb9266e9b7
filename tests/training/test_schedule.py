"""The course of the learning rate is, to the bit, that of transformers; and AdamW's updates are those of torch."""

import pytest
import torch
from transformers import get_scheduler

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.training.adamw import AdamW
from workbench.training.optimizers import make_optimizer, put_state, state_of
from workbench.training.schedule import Schedule

_RATES = (3e-3, 0.0123)


@pytest.mark.parametrize("warmup", [0.0, 0.05, 0.5])
@pytest.mark.parametrize("steps", [1, 3, 97])
@pytest.mark.parametrize("course", ["cosine", "linear", "constant"])
def test_the_rates_are_those_of_transformers(course: str, steps: int, warmup: float) -> None:
    settings = build({"training.scheduler": course, "training.warmup_ratio": warmup}).training
    groups = [{"lr": rate} for rate in _RATES]
    ours = Schedule(groups, settings, steps)
    theirs = torch.optim.SGD([{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in _RATES])
    name = "constant_with_warmup" if course == "constant" else course
    stock = get_scheduler(name, theirs, num_warmup_steps=round(warmup * steps), num_training_steps=steps)
    for step in range(steps):
        assert ours.set_rates(step) == stock.get_last_lr()[0]
        assert [group["lr"] for group in groups] == stock.get_last_lr()
        theirs.step()
        stock.step()


def _learn(optimizer, parameters: dict[str, torch.nn.Parameter], updates: range) -> None:
    for update in updates:
        for place, parameter in enumerate(parameters.values()):
            parameter.grad = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(7 * update + place))
        optimizer.step()
        optimizer.zero_grad()


@pytest.fixture
def parameters() -> list[dict[str, torch.nn.Parameter]]:
    """The same three times."""
    shapes = {"q.lora_A.default": (3, 5), "q.lora_B.default": (7, 3)}
    return [{name: torch.nn.Parameter(torch.ones(shape)) for name, shape in shapes.items()} for _ in range(3)]


@pytest.fixture
def lively() -> RunConfig:
    return build({"method.plus_ratio": 4.0, "training.learning_rate": 0.1, "training.weight_decay": 0.1})


def test_updates_are_those_of_torch(parameters, lively: RunConfig) -> None:
    ours, theirs, _ = parameters
    _learn(make_optimizer(ours, lively, AdamW), ours, range(5))
    _learn(make_optimizer(theirs, lively), theirs, range(5))
    for name, parameter in ours.items():
        torch.testing.assert_close(parameter, theirs[name], atol=1e-6, rtol=1e-6)


def test_updates_go_on_from_kept_moments(parameters, lively: RunConfig) -> None:
    whole, first, second = parameters
    _learn(make_optimizer(whole, lively, AdamW), whole, range(6))
    before = make_optimizer(first, lively, AdamW)
    _learn(before, first, range(4))
    after = make_optimizer(second, lively, AdamW)
    with torch.no_grad():
        for name, parameter in second.items():
            parameter.copy_(first[name])
    moments, counts = state_of(before, first)
    put_state(after, second, moments | counts)
    _learn(after, second, range(4, 6))
    assert all(torch.equal(parameter, whole[name]) for name, parameter in second.items())
