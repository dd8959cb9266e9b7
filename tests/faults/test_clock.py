"""A clock that jumps, a day back and forth, to 1970 and to 2100: nothing is lost, out of order or negative."""

import itertools
import os
import time
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.evidence import outcome
from tests.faults.forked import DONE, KILLED, copy, finish, resume, server
from tests.faults.moments import in_saves
from tests.faults.operations import kill_at
from tests.jobs.test_supervisor import until
from tests.training.in_process import create
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.jobs import supervisor
from workbench.jobs.folder import JobFolder
from workbench.monitoring.course import Course
from workbench.monitoring.series import seconds_left
from workbench.runs.listing import list_runs
from workbench.runs.run_dir import RunDir
from workbench.training.checkpoints import Checkpoints
from workbench.ui.runs.cards import age

DAY_SECONDS = 86_400.0
IN_1970, IN_2100 = 0.0, 4_102_444_800.0


def set_clock(run: RunDir) -> None:
    """Each look at the clock finds another time, and each checkpoint folder bears the oldest date yet."""
    now = time.time()
    times = itertools.cycle([now, now + DAY_SECONDS, now - DAY_SECONDS, IN_1970, IN_2100])
    time.time = lambda: next(times)
    dates = itertools.count(int(now), -int(DAY_SECONDS))
    save = Checkpoints.save

    def save_in_the_past(self: Checkpoints, *parts) -> Path:
        folder, date = save(self, *parts), next(dates)
        os.utime(folder, (date, date))
        return folder

    Checkpoints.save = save_in_the_past


def set_clock_and_kill(number: int, run: RunDir) -> None:
    set_clock(run)
    in_saves(kill_at(number))


@pytest.mark.slow
def test_a_run_comes_to_the_same_bytes(config: RunConfig, root: Path) -> None:
    blank = create(config.changed("method.dropout", 0.2), root, "blank")
    whole = finish(copy(blank, "whole"))
    run = copy(blank, "run")
    for number in (130, 40):
        assert resume(run, partial(set_clock_and_kill, number)) == KILLED
    assert resume(run, set_clock) == DONE, run.log_tail()
    assert outcome(run) == outcome(whole)
    rows = Course(run).poll().metrics.steps
    assert rows[0]["seconds"] > 0
    assert all(before["seconds"] < after["seconds"] for before, after in pairwise(rows))
    left = [seconds_left(rows[:count], 12) for count in range(2, 13)]
    assert all(seconds is not None and seconds >= 0 for seconds in left) and left[-1] == 0


def test_runs_are_listed_in_the_order_they_were_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ["far", "early", "now", "yesterday"]
    for name, now in zip(made, (IN_2100, IN_1970, time.time(), time.time() - DAY_SECONDS), strict=True):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        RunDir.create(root, name, build({}), {})
    assert [run.id for run in reversed(list_runs(root))] == made
    assert age(time.time() - IN_2100) == "just now"


def keep(job_path: Path, slot_path: Path, now: float) -> None:
    """A supervisor that finds this time on the clock."""
    time.time = lambda: now
    supervisor.main(str(job_path), str(slot_path), "tests.faults.brief_worker" if now else "tests.jobs.waiting_worker")


@pytest.mark.slow
def test_who_came_first_is_served_first(tmp_path: Path) -> None:
    jobs, keepers = [], []
    for name, now in (("first", IN_1970), ("second", IN_2100), ("third", 1.0), ("fourth", time.time())):
        job = JobFolder(tmp_path / "jobs" / name)
        job.path.mkdir(parents=True)
        keepers.append(server().Process(target=keep, args=(job.path, tmp_path / "slot.lock", now), daemon=True))
        keepers[-1].start()
        until(job, "training" if name == "first" else "queued")
        jobs.append(job)
    jobs[0].request_stop()
    for keeper in keepers:
        keeper.join()
    ended = [job.stored_status().phase for job in jobs]
    assert ended == ["stopped", "finished", "finished", "finished"]
    order = [line.split('"')[3] for line in (tmp_path / "jobs" / "notes.jsonl").read_text().splitlines()]
    assert order[::2] == ["second", "third", "fourth"]
