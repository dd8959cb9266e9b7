"""A run that is killed at any moment goes on from its last checkpoint, to the same bytes."""

import shutil
import time
from functools import partial

import pytest

from tests.faults.conftest import Cases
from tests.faults.evidence import kept_steps, last_step, leftovers, outcome
from tests.faults.forked import DONE, KILLED, Ended, Worker, copy, finish, resume
from tests.faults.moments import at_any, count_of, in_saves
from tests.faults.operations import kill_at
from tests.training.in_process import create
from workbench.config.run_config import RunConfig
from workbench.runs.run_dir import RunDir

pytestmark = pytest.mark.slow

SAVE_EVERY = 3


def kill_in_save(number: int, run: RunDir) -> None:
    """At a file operation of saving checkpoints, counted from the start of the attempt."""
    in_saves(kill_at(number))


def kill_anywhere(number: int, run: RunDir) -> None:
    """At any file operation: of the record, the status, the checks, the best state or the adapter."""
    at_any(kill_at(number))


@pytest.fixture
def blank(config: RunConfig, root) -> RunDir:
    """A run that has not begun, of 12 updates with dropout, checks and watched answers."""
    return create(config.changed("method.dropout", 0.2).changed("training.save_every", SAVE_EVERY), root, "blank")


@pytest.fixture
def whole(blank: RunDir) -> RunDir:
    """The same run, never interrupted."""
    run = finish(copy(blank, "whole"))
    assert last_step(run) == 12 and not leftovers(run)
    return run


def assert_resumable(run: RunDir) -> None:
    """What a kill leaves: a state that says so, and a checkpoint not further back than they lie apart."""
    status = run.status()
    assert status.phase == "interrupted" or (status.phase, status.step) in (("created", 0), ("finished", 12)), status
    assert last_step(run) - max(kept_steps(run), default=0) <= SAVE_EVERY


def test_killed_again_and_again_inside_its_saves(blank: RunDir, whole: RunDir, cases: Cases) -> None:
    killed, wanted, chains = 0, cases.number(10, 110), 0
    while killed < wanted:
        chains += 1
        run = copy(blank, f"chain-{chains}")
        while (ended := resume(run, partial(kill_in_save, cases.chance.randrange(1, 160)))) == KILLED:
            killed += 1
            assert_resumable(run)
        assert ended == DONE, run.log_tail()
        assert outcome(run) == outcome(whole)


def test_killed_once_at_any_file_operation(blank: RunDir, whole: RunDir, cases: Cases) -> None:
    killed, wanted, operations = 0, cases.number(5, 50), count_of(blank)
    while killed < wanted:
        number = cases.chance.randint(1, operations)
        run = copy(blank, f"at-{killed}")
        if resume(run, partial(kill_anywhere, number)) == KILLED:
            killed += 1
            assert_resumable(run)
        assert outcome(finish(run)) == outcome(whole), number
        shutil.rmtree(run.path)


def test_killed_from_outside_at_random_moments(blank: RunDir, whole: RunDir, cases: Cases) -> None:
    killed, wanted, chains = 0, cases.number(5, 50), 0
    usual_seconds = seconds_of(copy(blank, "timed"))
    while killed < wanted:
        chains += 1
        run, longest_seconds = copy(blank, f"outside-{chains}"), 1.3 * usual_seconds
        while kill_after(run, cases.chance.uniform(0.1 * usual_seconds, longest_seconds)) == KILLED:
            killed += 1
            assert_resumable(run)
            longest_seconds *= 1.2  # so that a chain ends, however busy the machine has become
        assert outcome(run) == outcome(whole)


def kill_after(run: RunDir, seconds: float) -> Ended:
    run.prepare_attempt()
    attempt = Worker(run)
    return attempt.wait(seconds) or attempt.kill()


def seconds_of(run: RunDir) -> float:
    started = time.monotonic()
    finish(run)
    return time.monotonic() - started
