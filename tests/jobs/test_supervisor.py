"""Jobs as real processes: started, queued, stopped, killed."""

import contextlib
import signal
import sys
import threading
from pathlib import Path

import psutil
import pytest

from workbench.errors import RunError
from workbench.jobs import supervisor
from workbench.jobs.files import append_json, read_lines, write_json
from workbench.jobs.folder import Exit, JobFolder, Status
from workbench.jobs.process import ProcessId

_WAITS = "tests.jobs.waiting_worker"


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes and starts jobs below one root; whatever still runs at the end is ended."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    started: list[JobFolder] = []

    def start(name: str, worker: str = _WAITS) -> JobFolder:
        job = JobFolder(tmp_path / "jobs" / name)
        job.path.mkdir(parents=True)
        supervisor.start(job, tmp_path / "lock", worker)
        started.append(job)
        return job

    yield start
    for job in started:
        for process in job.processes().values():
            process.signal(signal.SIGKILL)


def until(job: JobFolder, *phases: str) -> Status:
    """Wait for one of the phases, by polling the folder as every reader does."""
    seen: list[str] = []

    class Reached(Exception):
        pass

    def check(status: Status) -> None:
        seen.append(status.phase)
        if status.phase in phases:
            raise Reached
        assert len(seen) < 150, f"stayed {status.phase}"

    try:
        status = job.wait(check)
    except Reached:
        status = job.status()
    assert status.phase in phases, (status, job.log_tail())
    return status


def test_a_worker_that_says_it_finished_is_finished(jobs) -> None:
    job = jobs("one")
    until(job, "training")
    job.request_stop()
    assert until(job, "stopped").message == "as asked"
    assert job.wait().phase == "stopped"
    ended = job.exit()
    assert ended is not None
    assert (ended.code, ended.signal) == (0, None)


def test_only_one_runs_and_the_next_follows(jobs) -> None:
    first, second = jobs("a"), jobs("b")
    until(first, "training")
    assert "Waiting" in until(second, "queued").message
    first.request_stop()
    until(second, "training")
    assert first.wait().phase == "stopped"


def test_a_queued_job_can_be_taken_out(jobs) -> None:
    first, second = jobs("a"), jobs("b")
    until(first, "training")
    until(second, "queued")
    second.request_stop()
    assert second.wait().phase == "stopped"
    assert until(first, "training")


def test_of_many_starts_at_once_exactly_one_wins(jobs, tmp_path: Path) -> None:
    job = jobs("one")
    until(job, "training")
    with pytest.raises(RunError, match="started already"):
        supervisor.start(job, tmp_path / "lock", _WAITS)
    assert until(job, "training")
    job.request_stop()
    assert job.wait().phase == "stopped"
    won = []
    barrier = threading.Barrier(6)

    def race() -> None:
        barrier.wait()
        with contextlib.suppress(RunError):
            supervisor.start(job, tmp_path / "lock", _WAITS)
            won.append(True)

    threads = [threading.Thread(target=race) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    until(job, "training")


def test_sigterm_to_the_supervisor_stops_the_job_in_order(jobs) -> None:
    job = jobs("one")
    until(job, "training")
    job.processes()["supervisor"].signal(signal.SIGTERM)
    assert job.wait().phase == "stopped"


def test_a_killed_worker_reads_interrupted_with_its_reason(jobs) -> None:
    job = jobs("one")
    until(job, "training")
    job.processes()["worker"].signal(signal.SIGKILL)
    status = until(job, "interrupted")
    assert "SIGKILL" in status.message


def test_a_crashed_worker_reads_failed(jobs) -> None:
    status = jobs("one", "tests.jobs.no_such_worker").wait()
    assert status.phase == "failed"
    assert "code 1" in status.message


def test_when_both_are_killed_it_reads_interrupted(jobs) -> None:
    job = jobs("one")
    until(job, "training")
    for role in ("supervisor", "worker"):
        job.processes()[role].signal(signal.SIGKILL)
    assert until(job, "interrupted").hint


def test_the_slot_stays_taken_while_an_orphaned_worker_runs(jobs) -> None:
    first = jobs("a")
    until(first, "training")
    first.processes()["supervisor"].signal(signal.SIGKILL)
    second = jobs("b")
    until(second, "queued")
    first.request_stop()
    until(second, "training")


def test_a_foreign_process_with_the_same_pid_is_not_ours() -> None:
    mine = ProcessId.current()
    earlier = ProcessId(mine.pid, mine.start_time - 100, mine.boot_id)
    other_boot = ProcessId(mine.pid, mine.start_time, "another")
    assert mine.is_alive()
    assert not earlier.is_alive()
    assert not other_boot.is_alive()
    assert earlier.signal(signal.SIGKILL) is False


def test_torn_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    append_json(path, {"a": 1})
    with path.open("ab") as file:
        file.write(b'{"a": 2')
    rows, place = read_lines(path)
    assert rows == [{"a": 1}]
    with path.open("ab") as file:
        file.write(b"}\n")
    assert read_lines(path, place)[0] == [{"a": 2}]


def test_replacing_a_file_leaves_no_staging_behind(tmp_path: Path) -> None:
    for number in range(3):
        write_json(tmp_path / "status.json", {"n": number})
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]


def test_out_of_memory_is_said_in_plain_words() -> None:
    assert Exit(None, signal.SIGKILL, True, 1.0).sentence() == "The computer ran out of memory."


@pytest.mark.slow
def test_the_samples_tell_of_the_workers_memory(jobs) -> None:
    job = jobs("one")
    until(job, "training")
    samples: list[dict] = []
    while not samples:
        samples = read_lines(job.system_path)[0]
        assert job.status().phase == "training"
    assert 0 < samples[-1]["ram_gb"] < samples[-1]["machine_ram_total_gb"]
    assert psutil.pid_exists(job.processes()["worker"].pid)


def test_a_supervisor_that_cannot_start_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = JobFolder(tmp_path / "jobs" / "one")
    job.path.mkdir(parents=True)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RunError, match="could not be started"):
        supervisor.start(job, tmp_path / "lock", _WAITS)
    assert job.status().phase == "failed"


def test_a_crash_is_called_a_crash() -> None:
    assert "crashed (SIGSEGV)" in Exit(None, signal.SIGSEGV, False, 1.0).sentence()
