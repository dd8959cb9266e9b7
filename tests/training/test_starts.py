"""A run whose adapter begins inside the model: what the plan says of it, and how it is trained further."""

from pathlib import Path

import pytest

from tests.training.in_process import train
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.monitoring.result import summarise
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import launch, lineage, plan
from workbench.training.checks import find_problems

_INSIDE = {"method.init": "pissa", "method.rank": 4}


def checks(run: RunDir) -> list[float]:
    return [row["eval_loss"] for row in Metrics(run.metrics_path).poll().evaluations]


def test_the_plan_says_that_the_rank_doubles(config: RunConfig, root: Path) -> None:
    usual, inside = (plan.make(build(settings, config), root) for settings in ({"method.rank": 4}, _INSIDE))
    assert (inside.trainable, inside.adapter_mb) == (usual.trainable, 2 * usual.adapter_mb)
    (note,) = [problem.sentence for problem in find_problems(inside) if problem.setting == "method.init"]
    assert "plain LoRA of twice the rank (8)" in note
    several = _INSIDE | {"method.use_dora": True, "method.rank_pattern": "mlp 2"}
    told = [problem.sentence for problem in find_problems(plan.make(build(several, config), root))]
    assert any("plain DoRA of twice the ranks," in sentence for sentence in told)


def test_what_whole_weights_need_is_refused_on_compressed_ones(config: RunConfig, root: Path) -> None:
    asked = build(_INSIDE | {"model.quantization": "nf4"}, config)
    first = find_problems(plan.make(asked, root))[0]
    assert "PiSSA needs the frozen weights whole" in first.sentence
    assert first.setting == "method.init", "and not the method, which goes with such weights"
    assert "how the weights are compressed" in first.sentence


def test_a_method_that_does_not_go_with_compressed_weights_is_the_setting_to_change(
    config: RunConfig, root: Path
) -> None:
    asked = build({"method.name": "full", "model.quantization": "nf4"}, config)
    first = find_problems(plan.make(asked, root))[0]
    assert (first.setting, first.sentence.endswith("Choose another method.")) == ("method.name", True)


@pytest.mark.slow
def test_its_adapter_is_trained_further_as_the_plain_one_that_was_saved(config: RunConfig, root: Path) -> None:
    parent = train(launch.create(plan.make(build(_INSIDE, config), root), "parent"))
    assert (outcome := summarise(parent)) and outcome.kept_rank == 8
    again = build(_INSIDE | {"model.adapter": "parent"}, config)
    told = {problem.setting for problem in find_problems(plan.make(again, root)) if problem.level == "error"}
    assert told == {"method.init", "method.rank", "method.alpha"}

    further = lineage.extend(parent)
    assert (further.method.init, further.method.rank) == ("default", 8)  # type: ignore[union-attr]
    child = train(launch.create(plan.make(further, root), "child"))
    assert checks(child)[0] == pytest.approx(checks(parent)[-1], abs=1e-4)
