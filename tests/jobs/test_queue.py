"""The line of waiting jobs, with real supervisors: kept in order, changed, left."""

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.jobs.test_supervisor import until
from workbench.jobs import supervisor
from workbench.jobs.folder import JobFolder, Status
from workbench.jobs.process import ProcessId
from workbench.jobs.queue import PLACES, Line, Lock, Place

Start = Callable[..., list[JobFolder]]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path / "jobs", tmp_path / "slot.lock")


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts jobs one after the other, each in line before the next; whatever still runs at the end is ended."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    started: list[JobFolder] = []

    def start(*names: str) -> list[JobFolder]:
        for name in names:
            job = JobFolder(tmp_path / "jobs" / name)
            job.path.mkdir(parents=True)
            supervisor.start(job, tmp_path / "slot.lock", "tests.jobs.waiting_worker")
            started.append(job)
            until(job, "queued", "training")
        return started

    yield start
    for job in started:
        for process in job.processes().values():
            process.signal(signal.SIGKILL)


def ids(line: Line) -> str:
    return "".join(job.id for job in line.waiting())


@pytest.mark.slow
def test_a_moved_job_runs_at_its_new_turn_and_a_new_one_joins_at_the_end(line: Line, start: Start) -> None:
    first, b, c = start("a", "b", "c")
    assert ids(line) == "bc"
    assert line.move(c, "up")
    *_, d = start("d")
    assert ids(line) == "cbd"
    first.request_stop()
    until(c, "training")
    assert ids(line) == "bd"
    assert not line.move(c, "last") and not line.leave(c)
    assert c.status().phase == "training"
    assert line.leave(b)
    assert b.wait().phase == "stopped"
    assert ids(line) == "d" and d.status().phase == "queued"


@pytest.mark.slow
def test_a_job_that_is_started_again_joins_at_the_end(line: Line, start: Start, tmp_path: Path) -> None:
    _, _, c = start("a", "b", "c")
    line.move(c, "first")
    line.leave(c)
    c.wait()
    c.wait_for_processes(5.0)
    supervisor.start(c, tmp_path / "slot.lock", "tests.jobs.waiting_worker")
    until(c, "queued")
    assert ids(line) == "bc"


def pretend(folder: Path, names: str) -> list[JobFolder]:
    """Jobs that wait, all kept by this very process."""
    jobs = [JobFolder(folder / name) for name in names]
    for place, job in enumerate(jobs):
        job.path.mkdir(parents=True)
        job.write_process(1_700_000_000.0 + place, supervisor=ProcessId.current())
        job.write_status(Status("queued"))
    return jobs


@pytest.mark.parametrize(
    ("name", "to", "order"),
    [
        ("c", "first", "cabd"),
        ("c", "up", "acbd"),
        ("c", "down", "abdc"),
        ("b", "last", "acdb"),
        ("a", "up", "abcd"),
        ("a", "first", "abcd"),
        ("d", "down", "abcd"),
        ("d", "last", "abcd"),
    ],
)
def test_each_way_to_move(line: Line, tmp_path: Path, name: str, to: Place, order: str) -> None:
    pretend(tmp_path / "jobs", "abcd")
    assert line.move(JobFolder(tmp_path / "jobs" / name), to)
    assert ids(line) == order


def at_once(*acts: Callable[[], bool]) -> list[bool]:
    """What each comes to when all begin at the same moment."""
    barrier = threading.Barrier(len(acts))

    def begin(act: Callable[[], bool]) -> bool:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def test_many_who_change_the_line_at_once_leave_every_job_in_it(line: Line, tmp_path: Path) -> None:
    jobs = pretend(tmp_path / "jobs", "abcd")
    for to in PLACES:
        assert all(at_once(*(partial(line.move, job, to) for job in jobs)))
    assert sorted(ids(line)) == list("abcd")
    before = ids(line)
    line.move(jobs[0], "first")
    assert ids(line) == "a" + before.replace("a", "")


def test_of_two_who_swap_neighbours_at_once_neither_is_lost(tmp_path: Path) -> None:
    """b up, then c up, is bac, bca; c up, then b up, is acb, abc. Anything else mixes the two."""
    for number in range(5):
        _, b, c = pretend(tmp_path / str(number), "abc")
        line = Line(b.path.parent, tmp_path / "slot.lock")
        at_once(partial(line.move, b, "up"), partial(line.move, c, "up"))
        assert ids(line) in ("bca", "abc")


@pytest.mark.parametrize("change", [partial(Line.move, to="last"), Line.leave])
def test_a_job_is_changed_or_started_never_both(tmp_path: Path, change: Callable[..., bool]) -> None:
    for number in range(10):
        first, _ = pretend(tmp_path / str(number), "ab")
        line, slot = Line(first.path.parent, tmp_path / "slot.lock"), Lock(tmp_path / "slot.lock")
        changed, started = at_once(partial(change, line, first), partial(line.take_turn, first, slot))
        slot.close()
        assert changed != started


@pytest.mark.parametrize("damaged", ["", "{", "[1]", '{"turn": "x"}', "{}", "\x00"])
def test_a_damaged_turn_stops_nobody(line: Line, tmp_path: Path, damaged: str) -> None:
    a, b = pretend(tmp_path / "jobs", "ab")
    (a.path / "turn.json").write_text(damaged)
    assert ids(line) == "ab"
    assert line.move(b, "first")
    assert ids(line) == "ba"
