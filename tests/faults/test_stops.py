"""A run that is asked to end does so at once, says so truly, and goes on from exactly there."""

import itertools
import os
import signal
import time
from functools import partial

import pytest

from tests.faults.conftest import Cases
from tests.faults.evidence import kept_steps, last_step, leftovers, outcome
from tests.faults.forked import DONE, Worker, copy, finish, resume
from tests.faults.moments import at_any, count_of, in_saves
from tests.training.in_process import create
from workbench.config.run_config import RunConfig
from workbench.jobs.ending import CANCELLED
from workbench.runs.run_dir import RunDir
from workbench.training import worker

pytestmark = pytest.mark.slow

STEPS = 12
WAYS = ("stop", "pause", "cancel", "SIGTERM")


def ask(run: RunDir, way: str) -> None:
    if way == "SIGTERM":
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        run.ask_to(way)


def ask_at(number: int, way: str, run: RunDir) -> None:
    """At any file operation, also within a save."""
    at_any(lambda count, name: ask(run, way) if count == number else None)


def ask_in_save(number: int, way: str, run: RunDir) -> None:
    """At two operations of one save, one after the other."""
    twice = (number, number + 2)
    in_saves(lambda count, name: ask(run, way) if count in twice else None)


def ask_after_the_last_update(way: str, run: RunDir) -> None:
    original = worker._publish

    def publish(*parts) -> str:
        ask(run, way)
        return original(*parts)

    worker._publish = publish


@pytest.fixture
def blank(config: RunConfig, root) -> RunDir:
    return create(config.changed("method.dropout", 0.2), root, "blank")


@pytest.fixture
def whole(blank: RunDir) -> RunDir:
    return finish(copy(blank, "whole"))


def check_ended(run: RunDir, way: str, whole: RunDir) -> int:
    """What it says is what there is; and it goes on as if it had not been asked. Returns where it stopped."""
    status = run.stored_status()
    if status.phase == "finished":
        assert way_of_learning(run) == way_of_learning(whole)
        return status.step
    assert status.phase == ("paused" if way == "pause" else "stopped"), status
    kept = max(kept_steps(run), default=0)
    assert status.step == last_step(run) and status.steps in (0, STEPS)
    assert leftovers(run) == []
    assert run.has_adapter() == (way in ("stop", "SIGTERM") and status.step > 0)
    assert kept <= status.step if way == "cancel" else kept == status.step
    assert (status.message == CANCELLED) == (way == "cancel")
    assert way_of_learning(finish(run)) == way_of_learning(whole)
    return status.step


def way_of_learning(run: RunDir) -> dict:
    """All but which checkpoints are there: a stop makes one of its own."""
    return {name: part for name, part in outcome(run).items() if name not in ("checkpoints", "files")}


def test_at_any_file_operation(blank: RunDir, whole: RunDir, cases: Cases) -> None:
    steps = set()
    numbers = cases.chance.sample(range(1, count_of(blank) + 1), cases.number(6, 60))
    for number, way in zip(numbers, itertools.cycle(WAYS)):
        run = copy(blank, f"{way}-{number}")
        assert resume(run, partial(ask_at, number, way)) == DONE, run.log_tail()
        steps.add(check_ended(run, way, whole))
    assert len(steps) > 1


def test_from_outside_at_random_moments(blank: RunDir, whole: RunDir, cases: Cases) -> None:
    started = time.monotonic()
    finish(copy(blank, "timed"))
    usual_seconds = time.monotonic() - started
    for number in range(cases.number(3, 40)):
        way = WAYS[number % 3]
        run = copy(blank, f"outside-{number}")
        run.prepare_attempt()
        attempt = Worker(run)
        attempt.wait(cases.chance.uniform(0, 1.1) * usual_seconds)
        ask(run, way)
        assert attempt.wait() == DONE, run.log_tail()
        check_ended(run, way, whole)


@pytest.mark.parametrize("way", ["stop", "pause"])
def test_twice_while_saving(blank: RunDir, whole: RunDir, way: str) -> None:
    run = copy(blank, "saving")
    assert resume(run, partial(ask_in_save, 40, way)) == DONE, run.log_tail()
    assert check_ended(run, way, whole) == 3


@pytest.mark.parametrize("way", ["stop", "pause", "cancel"])
def test_before_the_first_update(blank: RunDir, whole: RunDir, way: str) -> None:
    run = copy(blank, "early")
    assert resume(run, partial(ask_first, way)) == DONE, run.log_tail()
    assert check_ended(run, way, whole) == 0


def ask_first(way: str, run: RunDir) -> None:
    ask(run, way)


@pytest.mark.parametrize("way", WAYS)
def test_after_the_last_update(blank: RunDir, whole: RunDir, way: str) -> None:
    run = copy(blank, "late")
    assert resume(run, partial(ask_after_the_last_update, way)) == DONE, run.log_tail()
    assert run.stored_status().phase == "finished"
    assert check_ended(run, way, whole) == STEPS


def test_again_and_again_until_it_is_done(blank: RunDir, whole: RunDir) -> None:
    """Stopped and paused by turns, each time a little further on."""
    run, ways = copy(blank, "chain"), []
    while run.stored_status().phase != "finished":
        ways.append(WAYS[len(ways) % 2])
        assert resume(run, partial(ask_at, 260, ways[-1])) == DONE, run.log_tail()
        assert len(ways) < 20
    assert len(ways) > 2
    assert way_of_learning(run) == way_of_learning(whole)
