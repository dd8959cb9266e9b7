"""A plan with some of its settings changed: what a fresh plan would say, without its data being read again."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.data.preparing.prepare import Preparation
from workbench.errors import SettingError
from workbench.training import plan


@pytest.fixture
def planned(config: RunConfig, root: Path) -> plan.Plan:
    return plan.make(config, root)


@pytest.mark.parametrize(
    "settings",
    [
        {"training.micro_batch_size": 1},
        {"model.quantization": "nf4", "training.optimizer": "adamw_8bit"},
        {"method.name": "full"},
        {"data.max_length": 24, "data.over_long": "drop"},
    ],
)
def test_a_changed_plan_is_the_plan_of_the_changed_settings(
    planned: plan.Plan, root: Path, settings: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = plan.make(build(settings, planned.asked), root)
    # Whoever reads data asks for it here.
    monkeypatch.delattr(Preparation, "wait")
    monkeypatch.delattr(Preparation, "look")
    changed = planned.changed(settings)
    assert (changed.config, changed.ram, changed.steps) == (fresh.config, fresh.ram, fresh.steps)
    assert (len(changed.rows), changed.report) == (len(fresh.rows), fresh.report)
    assert changed.ram_gb != planned.ram_gb


def test_the_memory_that_is_free_stays_what_it_was(planned: plan.Plan) -> None:
    assert replace(planned, ram_free_gb=123.0).changed({"method.rank": 4}).ram_free_gb == 123.0


def test_another_model_is_planned_with_the_same_tokens(planned: plan.Plan) -> None:
    starter = planned.changed({"model.path": "starter"})
    assert starter.facts.parameters > planned.facts.parameters
    assert starter.ram_gb > planned.ram_gb
    assert starter.prepared is planned.prepared


def test_a_value_that_cannot_be_is_refused(planned: plan.Plan) -> None:
    with pytest.raises(SettingError, match=r"method\.rank"):
        planned.changed({"method.rank": 0})


@pytest.mark.parametrize(("share", "verdict"), [(0.5, "fits"), (0.9, "tight"), (1.1, "will not fit")])
def test_the_verdict_is_on_what_is_needed_of_what_is_free(planned: plan.Plan, share: float, verdict: str) -> None:
    assert replace(planned, ram_free_gb=planned.ram_gb / share).verdict == verdict


def test_a_change_follows_a_slider(planned: plan.Plan) -> None:
    def seconds(settings: dict[str, object]) -> float:
        start = time.perf_counter()
        planned.changed(settings)
        return time.perf_counter() - start

    assert min(seconds({"method.rank": rank}) for rank in range(1, 12)) < 0.02
    assert min(seconds({"data.max_length": length}) for length in range(16, 26)) < 0.05
