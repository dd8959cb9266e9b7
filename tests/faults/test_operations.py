"""A run whose disk refuses one operation, or all from one on, says why it ended and goes on to the same bytes."""

import errno
import os
from functools import partial

import pytest

from tests.faults.conftest import Cases
from tests.faults.evidence import outcome
from tests.faults.failing import count_changes, counts_path, fail_from, fail_once, vanish_at
from tests.faults.forked import DONE, Ended, copy, finish, resume
from tests.training.in_process import create
from workbench.config.run_config import RunConfig
from workbench.runs.run_dir import RunDir

pytestmark = pytest.mark.slow


@pytest.fixture
def blank(config: RunConfig, root) -> RunDir:
    """A run that has not begun, of 6 updates with checks, watched answers and 3 checkpoints, of which 2 stay."""
    config = config.changed("method.dropout", 0.2).changed("training.epochs", 1)
    config = config.changed("training.save_every", 2).changed("training.eval_every", 3)
    return create(config.changed("training.keep_checkpoints", 2), root, "blank")


@pytest.fixture
def whole(blank: RunDir) -> RunDir:
    """The same run, never disturbed, with its operations counted."""
    run = copy(blank, "whole")
    assert resume(run, count_changes) == DONE, run.log_tail()
    return run


def tried(whole: RunDir, cases: Cases, sample: int) -> list[int]:
    """The operations that are made to fail."""
    return cases.among(range(1, int(counts_path(whole).read_text()) + 1), sample)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_one_operation_fails(blank: RunDir, whole: RunDir, cases: Cases, error: int) -> None:
    wrong = []
    for number in tried(whole, cases, 4):
        run = copy(blank, f"at-{number}")
        ended = resume(run, partial(fail_once, number, error))
        told = run.status()
        if ended != DONE and not is_told(told.phase, told.message, ended, error):
            wrong.append((number, ended, told))
        if outcome(finish(run)) != outcome(whole):
            wrong.append((number, "other outcome", outcome(run)))
    assert not wrong, wrong


def is_told(phase: str, message: str, ended: Ended, error: int) -> bool:
    """Whether the cause is in the words."""
    if error == errno.ENOSPC:
        return (phase, ended.code) == ("paused", os.EX_TEMPFAIL) and message.startswith("The disk is full: ")
    return phase in ("failed", "paused") and os.strerror(error) in message


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_nothing_can_be_written_any_more(blank: RunDir, whole: RunDir, cases: Cases, error: int) -> None:
    """Not even a last word: the state stays readable, the log has the cause, and a resume goes on."""
    for number in tried(whole, cases, 2):
        run = copy(blank, f"from-{number}")
        ended = resume(run, partial(fail_from, number, error))
        assert ended.code not in (0, None), (number, ended)
        assert run.status().phase in ("interrupted", "created"), (number, run.status())
        assert outcome(finish(run)) == outcome(whole), number


def test_the_folder_vanishes(blank: RunDir, whole: RunDir, cases: Cases) -> None:
    """It is not made again half-way, and its worker ends."""
    for number in tried(whole, cases, 3):
        run = copy(blank, f"gone-{number}")
        ended = resume(run, partial(vanish_at, number))
        assert ended.code in (1, os.EX_IOERR), (number, ended)
        assert not run.path.exists(), number
