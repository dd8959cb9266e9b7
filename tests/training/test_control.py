"""Pausing, cancelling and continuing runs, as real processes."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.training.in_process import create, losses, train
from workbench.cli import main
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs.folder import Status
from workbench.runs.run_dir import RunDir, all_runs
from workbench.training import launch, plan


@pytest.fixture
def start(root: Path) -> Iterator[Callable[[RunConfig, str], RunDir]]:
    """Starts a run; whatever still runs at the end is cancelled."""

    def start(config: RunConfig, name: str) -> RunDir:
        return launch.start(plan.make(config, root), name)

    yield start
    for run in all_runs(root):
        if run.is_alive():
            launch.cancel(run)
            run.wait()


def until_step(run: RunDir, step: int) -> None:
    """Wait until a run has come so far."""

    class Reached(Exception):
        pass

    def check(status: Status) -> None:
        if len(losses(run)) >= step:
            raise Reached

    with pytest.raises(Reached):
        run.wait(check)


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


@pytest.mark.slow
def test_a_paused_run_goes_on_to_the_same_bytes(config: RunConfig, root: Path, start) -> None:
    config = config.changed("training.epochs", 15).changed("method.dropout", 0.1)
    config = config.changed("training.eval_every", 60).changed("training.save_every", 1000)
    run = start(config, "paused")
    until_step(run, 5)
    assert main(["pause", run.id, "--root", str(root)]) == 0
    status = run.status()
    assert status.phase == "paused" and 5 <= status.step < status.steps, status
    assert not run.is_alive() and not run.has_adapter()
    assert [path.name for path in run.checkpoints_dir.glob("step-*")] == [f"step-{status.step}"]
    launch.resume(run)
    assert run.wait().phase == "finished"
    whole = train(create(config, root, "whole"))
    assert digest(run) == digest(whole)
    assert losses(run) == losses(whole)
    log = run.log_path.read_text(encoding="utf-8").splitlines()
    assert [line.partition(" ")[2].split(" ", 1)[1] for line in log] == [f"Going on from step-{status.step}."]


@pytest.mark.slow
def test_a_cancelled_run_saves_nothing_more_and_a_queued_one_leaves(config: RunConfig, root: Path, start) -> None:
    config = config.changed("training.epochs", 1000).changed("training.save_every", 2)
    config = config.changed("training.eval_every", 1000)
    run = start(config, "first")
    until_step(run, 3)
    queued, waiting = start(config, "second"), start(config, "third")
    while {queued.status().phase, waiting.status().phase} != {"queued"}:
        assert queued.is_alive() and waiting.is_alive()
    launch.pause(waiting)
    assert waiting.wait().phase == "paused"
    assert main(["cancel", queued.id, "--root", str(root)]) == 0
    assert queued.status().phase == "stopped"
    assert main(["cancel", run.id, "--root", str(root)]) == 0
    status = run.status()
    assert (status.phase, status.message.split(":")[0]) == ("stopped", "Cancelled")
    assert not run.has_adapter()
    newest = max(int(path.name.removeprefix("step-")) for path in run.checkpoints_dir.iterdir())
    assert newest % 2 == 0 and newest <= status.step
    with pytest.raises(RunError, match="nothing to cancel"):
        launch.cancel(run)
