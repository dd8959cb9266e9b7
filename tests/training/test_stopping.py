"""Runs that end before their last step because a setting says so."""

import hashlib
from pathlib import Path

import pytest

from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig, TrainingSettings
from workbench.monitoring.result import summarise
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import loop, plan
from workbench.training.checkpoints import damage
from workbench.training.checks import find_problems
from workbench.training.state import Progress
from workbench.training.stopping import by_rule


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


def after_checks(*losses: float) -> Progress:
    progress = Progress()
    for loss in losses:
        progress.step += 10
        progress.checked(loss)
    return progress


def test_without_rules_a_run_goes_on() -> None:
    assert by_rule(TrainingSettings(), after_checks(3.0, 4.0, 5.0, 0.0)) is None


@pytest.mark.parametrize(
    ("checked", "ends"),
    [((3.0, 2.0, 2.1), False), ((3.0, 2.0, 2.1, 2.0), True), ((3.0, 2.0, 2.1, 1.9, 2.0), False), ((3.0, 1e999), False)],
)
def test_patience_counts_checks_without_gain(checked: tuple[float, ...], ends: bool) -> None:
    ending = by_rule(TrainingSettings(patience=2), after_checks(*checked))
    assert (ending is not None) == ends
    if ending:
        assert ending.phase == "finished" and "than 2 at step 20" in ending.message


def test_a_loss_that_is_no_number_is_no_gain() -> None:
    progress = after_checks(2.0, float("nan"), float("nan"))
    assert (progress.best_loss, progress.best_step, progress.checks_without_gain) == (2.0, 10, 2)
    progress = after_checks(float("nan"), 2.0)
    assert (progress.best_loss, progress.best_step) == (2.0, 20)


def test_a_target_is_reached_at_a_check() -> None:
    assert by_rule(TrainingSettings(target_loss=1.5), after_checks(2.0, 1.51)) is None
    ending = by_rule(TrainingSettings(target_loss=1.5), after_checks(2.0, 1.5))
    assert ending is not None and "1.5, low enough" in ending.message


def test_the_time_limit_counts_all_attempts_and_keeps_what_was_learned() -> None:
    assert by_rule(TrainingSettings(max_minutes=2), Progress(seconds=119.9)) is None
    ending = by_rule(TrainingSettings(max_minutes=2), Progress(seconds=120.0))
    assert ending is not None
    assert (ending.phase, ending.saves, ending.publishes) == ("stopped", True, True)


@pytest.mark.slow
def test_an_early_end_is_the_same_after_a_kill(config: RunConfig, root: Path) -> None:
    """A learning rate that breaks the model gives checks without gain, on the standard engine within ten passes."""
    config = config.changed("training.learning_rate", 0.5).changed("training.epochs", 10)
    config = config.changed("hardware.engine", "standard")
    config = config.changed("training.patience", 2).changed("training.eval_every", 2)
    whole = train(create(config, root, "whole"))
    status = whole.stored_status()
    assert status.phase == "finished" and status.step < status.steps
    assert "Ended early: 2 checks in a row" in status.message
    assert whole.has_adapter()
    killed = create(config, root, "killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop.Loop, "_update", _kill_at(status.step - 1, loop.Loop._update))
        with pytest.raises(SystemExit):
            train(killed)
    train(killed)
    assert killed.stored_status() == status
    assert (digest(killed), losses(killed)) == (digest(whole), losses(whole))
    checks = [[row["eval_loss"] for row in Metrics(run.metrics_path).poll().evaluations] for run in (killed, whole)]
    assert checks[0] == checks[1]


def _kill_at(step: int, update):
    def killed(self: loop.Loop) -> None:
        if self.progress.step == step:
            raise SystemExit
        update(self)

    return killed


def test_a_rule_on_checks_needs_something_to_check_with(config: RunConfig, root: Path) -> None:
    config = config.changed("data.eval_share", 0.0).changed("training.patience", 3).changed("training.use_best", True)
    problems = find_problems(plan.make(config, root))
    assert [problem.setting for problem in problems if problem.level == "error"] == [
        "training.patience",
        "training.use_best",
    ]


@pytest.mark.parametrize("use_best", [False, True])
def test_the_best_state_is_kept_and_can_be_taken(config: RunConfig, root: Path, use_best: bool) -> None:
    """So high a learning rate that one of the first updates undoes what those before had gained."""
    config = config.changed("training.learning_rate", 0.03).changed("training.scheduler", "constant")
    config = config.changed("training.warmup_ratio", 0.2).changed("training.max_steps", 6)
    config = config.changed("training.eval_every", 2).changed("training.use_best", use_best)
    run = train(create(config, root))
    checks = {row["step"]: row["eval_loss"] for row in Metrics(run.metrics_path).poll().evaluations}
    best = min(checks, key=lambda step: checks[step])
    assert 0 < best < (last := max(checks)) and checks[last] > 1.03 * checks[best], checks
    kept = run.checkpoints_dir / f"best-{best}"
    assert [path.name for path in run.checkpoints_dir.glob("best-*")] == [kept.name]
    assert damage(kept) is None and damage(run.adapter_dir) is None
    same = (kept / "adapter_model.safetensors").read_bytes() == (
        run.adapter_dir / "adapter_model.safetensors"
    ).read_bytes()
    assert same == use_best
    assert f"step {best}" in run.stored_status().message
    outcome = summarise(run)
    assert outcome is not None
    assert outcome.after == (checks[best] if use_best else checks[last])
