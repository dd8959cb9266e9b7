"""Jobs whose disk is full wait for room, keep nobody else waiting, and still do what they are asked."""

import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.errors import RunError
from workbench.jobs import ending, supervisor
from workbench.jobs.folder import JobFolder, Status
from workbench.jobs.room import Reserve, free_bytes, has_room
from workbench.runs import trash
from workbench.runs.run_dir import RunDir
from workbench.training import launch

Start = Callable[..., RunDir]


@pytest.fixture
def start(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a job with a worker that lacks room; whatever still runs at the end is ended."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    started: list[RunDir] = []

    def start(name: str, worker: str = "tests.jobs.full_worker") -> RunDir:
        run = RunDir(root / "runs" / name)
        run.path.mkdir(parents=True)
        supervisor.start(run, root / "training.lock", worker)
        started.append(run)
        return run

    yield start
    for run in started:
        for process in run.processes().values():
            process.signal(signal.SIGKILL)


def until_waiting(run: RunDir) -> Status:
    while run.exit() is None:
        assert run.is_alive(), run.log_tail()
    return run.status()


def test_it_says_what_it_lacks_and_others_may_run(start: Start) -> None:
    run = start("full")
    status = until_waiting(run)
    assert status.phase == "paused" and status.step == 1
    assert status.message.startswith("The disk is full: 1000000000.0 GB are needed, ")
    assert status.hint == "It goes on by itself when there is room."
    other = start("other", "tests.jobs.waiting_worker")
    while other.status().phase != "training":
        assert other.is_alive(), other.log_tail()
    with pytest.raises(RunError, match="The disk is full"):
        launch.resume(run)
    assert run.status().phase == "paused"


def test_it_goes_on_by_itself_when_there_is_room(start: Start, root: Path) -> None:
    (root / "runs").mkdir()
    (root / "runs" / "lack").write_text("4096")
    run = start("full")
    assert run.wait().phase == "finished"
    assert {path.name for path in run.path.iterdir()} == {
        "exit.json",
        "lock",
        "log.txt",
        "process.json",
        "status.json",
        "went-on",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ask", "phase"), [(launch.stop, "stopped"), (ending.cancel, "stopped"), (launch.pause, "paused")]
)
def test_it_can_be_asked_to_wait_no_longer(start: Start, ask: Callable[[RunDir], None], phase: str) -> None:
    run = start("full")
    until_waiting(run)
    ask(run)
    status = run.wait()
    assert (status.phase, run.is_alive(), run.waits_for_room()) == (phase, False, False)
    assert "by itself" not in status.hint


@pytest.mark.slow
def test_it_can_be_deleted(start: Start) -> None:
    run = start("full")
    until_waiting(run)
    trash.delete(run)
    assert not run.path.exists()
    assert trash.undelete(run.root, run.id).status().phase == "paused"


def test_without_its_keeper_it_is_plainly_paused(start: Start) -> None:
    run = start("full")
    until_waiting(run)
    keeper = run.processes()["supervisor"]
    keeper.signal(signal.SIGKILL)
    while keeper.is_alive():
        pass
    assert run.status() == Status("paused", 1, 2, "The disk is full.", "Make room, then let it continue.")
    with pytest.raises(RunError, match="nothing to stop"):
        launch.stop(run)
    supervisor.start(run, run.root / "training.lock", "tests.jobs.full_worker")
    assert run.wait().phase == "finished"


def test_a_folder_that_vanishes_ends_its_keeper_quietly(start: Start) -> None:
    run = start("gone", "tests.jobs.waiting_worker")
    while run.status().phase != "training":
        assert run.is_alive(), run.log_tail()
    worker, keeper = run.processes()["worker"], run.processes()["supervisor"]
    log = run.log_path.open()
    shutil.rmtree(run.path)
    worker.signal(signal.SIGTERM)
    while keeper.is_alive():
        pass
    assert not run.path.exists()
    assert "supervisor.py" not in log.read()


def test_what_cannot_be_held_is_not(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        Reserve(tmp_path).hold(free_bytes(tmp_path) + 10**9)
    assert has_room(tmp_path, 4096) and not has_room(tmp_path, 10**18)
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_written_the_reader_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = JobFolder(root)
    job.write_status(Status("training", 1, 2))
    assert job.status().message == "The computer or the program stopped while this was running."
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert job.status().phase == "interrupted"
    assert job.status().message == "The folder workspace cannot be written to."
