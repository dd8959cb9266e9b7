"""What the fault tests stand on: forked workers train as others do, and are hit exactly where they are to be."""

import signal
from functools import partial

import pytest

from tests.faults.forked import Ended, Worker, copy, work
from tests.faults.operations import kill_at, watched
from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.runs.run_dir import RunDir
from workbench.training.checkpoints import Checkpoints


def kill_in_save(number: int, run: RunDir) -> None:
    Checkpoints.save = watched(Checkpoints.save, kill_at(number))


@pytest.mark.slow
def test_a_forked_run_is_a_run_and_a_fault_is_told(config: RunConfig, root) -> None:
    blank = create(config, root, "blank")
    here, forked, hit = train(copy(blank, "here")), copy(blank, "forked"), copy(blank, "hit")
    assert work(forked) == Ended(0, None)
    assert losses(forked) == losses(here)
    assert work(hit, partial(kill_in_save, 5)) == Ended(None, signal.SIGKILL)
    assert hit.status().phase == "interrupted"
    assert [path.name.partition("-")[0] for path in hit.checkpoints_dir.iterdir()] == [".staging"]
    waiting = Worker(copy(blank, "killed"))
    assert waiting.wait(0.0) is None
    assert waiting.kill() == Ended(None, signal.SIGKILL)
