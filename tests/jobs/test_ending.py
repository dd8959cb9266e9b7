"""Workers that do not end by themselves are ended, and no other process is."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.jobs import ending, supervisor
from workbench.jobs.folder import JobFolder
from workbench.jobs.process import ProcessId

Start = Callable[..., JobFolder]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts a job with a hanging worker and a slot of its own, and waits until the worker has said `phase`."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    started: list[JobFolder] = []

    def start(name: str, phase: str) -> JobFolder:
        job = JobFolder(tmp_path / "jobs" / name)
        job.path.mkdir(parents=True)
        if phase == "finished":
            (job.path / "last-word").touch()
        supervisor.start(job, tmp_path / f"{name}.lock", "tests.jobs.hanging_worker")
        started.append(job)
        while job.stored_status().phase != phase:
            assert job.is_alive(), job.log_tail()
        return job

    yield start
    for job in started:
        for process in job.processes().values():
            process.signal_group(signal.SIGKILL)


def child_of(job: JobFolder) -> ProcessId:
    return ProcessId.of(int((job.path / "child").read_text()))


@pytest.mark.slow
def test_a_worker_that_hangs_is_killed_with_its_children(start: Start) -> None:
    """When it is cancelled, with or without its supervisor, and when it does not end after its last word."""
    hung, orphan, done = start("hung", "training"), start("orphan", "training"), start("done", "finished")
    children = [child_of(job) for job in (hung, orphan, done)]
    keeper = orphan.processes()["supervisor"]
    keeper.signal(signal.SIGKILL)
    while keeper.is_alive():
        pass
    ending.cancel(hung)
    ending.cancel(orphan)
    for job in (hung, orphan):
        status = job.wait()
        assert (status.phase, status.step, status.message) == ("stopped", 1, ending.CANCELLED)
    assert done.wait().phase == "finished"
    ended = done.exit()
    assert ended is not None and ended.signal == signal.SIGKILL
    assert not any(child.is_alive() for child in children)


def test_a_process_that_leads_no_group_is_signalled_alone() -> None:
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        assert ProcessId.of(sleeper.pid).signal_group(signal.SIGTERM)
        assert sleeper.wait(10) == -signal.SIGTERM
    finally:
        sleeper.kill()


def test_a_foreign_process_with_the_same_pid_is_never_signalled() -> None:
    sleeper = subprocess.Popen(["sleep", "60"], process_group=0)
    try:
        mine = ProcessId.of(sleeper.pid)
        earlier = ProcessId(mine.pid, mine.start_time - 100, mine.boot_id)
        assert not earlier.signal_group(signal.SIGKILL)
        assert mine.is_alive()
    finally:
        sleeper.kill()
        sleeper.wait()
