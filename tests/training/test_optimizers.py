"""Who learns at which rate."""

from pathlib import Path

import pytest
import torch

from workbench.config.build import build
from workbench.config.optimizers import OPTIMIZERS
from workbench.config.run_config import RunConfig
from workbench.training import plan
from workbench.training.optimizers import make_optimizer


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_with_lora_plus_b_learns_faster_than_a(name: str) -> None:
    config = build({"method.plus_ratio": 8.0, "training.learning_rate": 1e-3, "training.optimizer": name})
    parameters = {part: torch.nn.Parameter(torch.ones(4, 4)) for part in ("q.lora_B.default", "q.lora_A.default")}
    groups = make_optimizer(parameters, config).param_groups
    assert [group["lr"] for group in groups] == [1e-3, 8e-3]
    assert groups[0]["params"][0] is parameters["q.lora_A.default"]
    assert groups[1]["params"][0] is parameters["q.lora_B.default"]


def test_plain_lora_learns_at_one_rate() -> None:
    parameters = {part: torch.nn.Parameter(torch.ones(4, 4)) for part in ("q.lora_A.default", "q.lora_B.default")}
    config = build({"training.learning_rate": 1e-3})
    assert [group["lr"] for group in make_optimizer(parameters, config).param_groups] == [1e-3]


def test_with_lora_plus_both_halves_together_keep_the_usual_pace(config: RunConfig, root: Path) -> None:
    auto = {"training.learning_rate": "auto"}
    settings = (build(auto | {"method.plus_ratio": ratio}, config) for ratio in (1.0, 16.0))
    usual, plus = (float(plan.make(asked, root).config.training.learning_rate) for asked in settings)
    assert plus * 16**0.5 == pytest.approx(usual, rel=0.05)
