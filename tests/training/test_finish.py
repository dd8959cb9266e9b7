"""Runs whose end is brought nearer while they train."""

import hashlib
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import launch, loop
from workbench.training.finish import Finish, ask_to_finish


def test_the_rest_of_the_course_is_gone_through_faster(root: Path) -> None:
    run = RecordedRun(root, steps=100).dir
    finish = Finish(run, 100)
    assert not finish.look(10) and finish.steps == 100
    ask_to_finish(run, 60)
    assert finish.look(20) and finish.steps == 60
    assert [finish.place(step) for step in (0, 20, 40, 60)] == [0, 20, 60, 100]
    ask_to_finish(run, 50)
    assert finish.look(40) and finish.steps == 50
    assert [finish.place(step) for step in (20, 40, 45, 50)] == [20, 60, 80, 100]
    again = Finish(run, 100)
    assert [again.place(step) for step in range(51)] == [finish.place(step) for step in range(51)]
    assert "update 50 instead of 100, as asked at update 40" in again.ending().message


def test_an_end_that_is_past_comes_at_once_and_a_later_one_never(root: Path) -> None:
    run = RecordedRun(root, steps=100).dir
    finish = Finish(run, 100)
    ask_to_finish(run, 200)
    assert not finish.look(10) and finish.steps == 100
    ask_to_finish(run, 5)
    assert finish.look(10) and finish.steps == 11


def test_only_what_trains_can_finish_earlier(root: Path) -> None:
    run = RecordedRun(root).train(1, 3)
    launch.finish(run.dir, 9)
    with pytest.raises(RunError, match="cannot finish at 480"):
        launch.finish(run.dir, 480)
    run.phase("finished", 480)
    with pytest.raises(RunError, match="it is finished"):
        launch.finish(run.dir, 9)
    ranks = RecordedRun(root, "ranks", method__name="adalora").train(1, 3)
    with pytest.raises(RunError, match="AdaLoRA"):
        launch.finish(ranks.dir, 9)


def ask_at(step: int, end: int, killed_at: int = -1):
    """An update before which somebody asks for another end; one of them may never come."""
    original = loop.Loop._update

    def update(self: loop.Loop) -> None:
        if self.progress.step == killed_at:
            raise SystemExit
        original(self)
        if self.progress.step == step:
            ask_to_finish(self._recorder._run, end)

    return update


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


@pytest.mark.slow
def test_an_earlier_end_is_saved_said_and_the_same_after_a_kill(config: RunConfig, root: Path) -> None:
    """The rate falls to what it would have fallen to, and a resume from before the request goes the same way."""
    config = config.changed("training.save_every", 2).changed("hardware.engine", "standard")
    whole, killed = create(config, root, "whole"), create(config, root, "killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop.Loop, "_update", ask_at(3, 6))
        train(whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop.Loop, "_update", ask_at(3, 6, killed_at=4))
        with pytest.raises(SystemExit):
            train(killed)
    (killed.checkpoints_dir / "step-4").rename(killed.path / "lost")
    train(killed)
    for run in (whole, killed):
        status = run.stored_status()
        assert (status.phase, status.step, status.steps) == ("finished", 6, 6)
        assert "Finished at update 6 instead of" in status.message and "asked at update 3" in status.message
        assert Metrics(run.metrics_path).poll().evaluations[-1]["step"] == 6
    rates = [row["learning_rate"] for row in Metrics(whole.metrics_path).poll().steps]
    assert rates[-1] < 0.3 * rates[3]
    assert (digest(killed), losses(killed)) == (digest(whole), losses(whole))
