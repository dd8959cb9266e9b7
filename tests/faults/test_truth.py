"""What is said of a job whose processes were killed, halted or replaced by others, and whom it never signals."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import recording_process
from tests.faults.conftest import Cases
from tests.faults.forked import server
from tests.jobs.test_supervisor import jobs, until  # noqa: F401 - a fixture
from tests.training.in_process import create
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs import ending, limits, supervisor
from workbench.jobs.folder import JobFolder, Status
from workbench.jobs.process import ProcessId
from workbench.runs.run_dir import RunDir
from workbench.training import launch

pytestmark = pytest.mark.slow

NOTICED_SECONDS = 10.0
KILLS = (("worker",), ("supervisor", "worker"), ("worker", "supervisor"))


def test_killed_in_any_order_it_reads_interrupted_in_time(jobs, cases: Cases) -> None:  # noqa: F811
    for number, roles in enumerate(KILLS * cases.number(1, 20)):
        job = jobs(f"job-{number}")
        until(job, "training")
        killed_at = time.monotonic()
        for role in roles:
            job.processes()[role].signal(signal.SIGKILL)
        status = until(job, "interrupted")
        assert time.monotonic() - killed_at < NOTICED_SECONDS
        assert status.hint and (status.step, status.steps) == (1, 2)
        if roles == ("worker",):
            assert "ended from outside (SIGKILL)" in status.message


def test_without_its_supervisor_a_worker_goes_on_and_is_told_so(jobs) -> None:  # noqa: F811
    job = jobs("one")
    until(job, "training")
    keeper = job.processes()["supervisor"]
    keeper.signal(signal.SIGKILL)
    while keeper.is_alive():
        pass
    assert job.status().phase == "training"
    job.request_stop()
    assert job.wait().phase == "stopped"


def test_a_halted_worker_is_told_and_can_be_cancelled(jobs) -> None:  # noqa: F811
    job = jobs("one")
    until(job, "training")
    worker = job.processes()["worker"]
    worker.signal(signal.SIGSTOP)
    while not worker.is_halted():
        pass
    status = job.status()
    assert status.phase == "training" and "halted" in status.message and str(worker.pid) in status.hint
    worker.signal(signal.SIGCONT)
    while job.status().message:
        assert worker.is_alive()
    worker.signal(signal.SIGSTOP)
    ending.cancel(job)
    status = job.wait()
    assert (status.phase, status.message) == ("stopped", ending.CANCELLED)
    assert not worker.is_alive()


def test_a_kill_that_the_kernel_counts_reads_out_of_memory(tmp_path: Path) -> None:
    job = JobFolder(tmp_path / "jobs" / "one")
    job.path.mkdir(parents=True)
    keeper = server().Process(target=keep_with_rising_count, args=(job.path, tmp_path / "lock"), daemon=True)
    keeper.start()
    until(job, "training")
    job.processes()["worker"].signal(signal.SIGKILL)
    status = until(job, "interrupted")
    assert status.message == "The computer ran out of memory."
    assert "start again with less" in status.hint
    ended = job.exit()
    assert ended is not None and ended.out_of_memory
    keeper.join()


def keep_with_rising_count(job_path: Path, slot_path: Path) -> None:
    """A supervisor on a machine whose kernel ends a process for memory between any two looks."""
    limits.OomKills.have_risen = lambda self: True
    supervisor.main(str(job_path), str(slot_path), "tests.jobs.waiting_worker")


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[tuple[ProcessId, Path]]:
    """A living process of somebody else, and the file with the signals that it was sent."""
    signals = tmp_path / "signals"
    signals.touch()
    argv = [sys.executable, "-m", recording_process.__name__, str(signals)]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], process_group=0)
    assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    yield ProcessId.of(process.pid), signals
    process.kill()
    process.wait()


@pytest.mark.parametrize("phase", ["queued", "preparing", "training", "saving"])
def test_a_stranger_with_the_same_pid_is_not_taken_for_the_run(
    stranger: tuple[ProcessId, Path], config: RunConfig, root: Path, phase: str
) -> None:
    """After a restart of the machine, and where the pid was given away again."""
    process, signals = stranger
    run = create(config, root)
    for other in (replace(process, boot_id="before"), replace(process, start_time=process.start_time - 5)):
        run.write_process(time.time(), supervisor=other, worker=other)
        run.write_status(Status(phase, 3, 12))
        status = run.status()
        assert (status.phase, status.step) == ("interrupted", 3) and status.message and status.hint
        for act in (launch.stop, launch.pause, launch.cancel):
            with pytest.raises(RunError, match="not running, it is interrupted"):
                act(run)
        press_on(run, other)
        assert process.is_alive() and signals.read_text() == ""
    assert process.signal(signal.SIGUSR1)
    while not signals.read_text():
        pass


def press_on(run: RunDir, other: ProcessId) -> None:
    """What ends a worker even where nobody asked first."""
    ending.cancel(run)
    patience = ending.Patience(run, other)
    patience._since = time.monotonic() - 2 * (ending.ASKED_SECONDS + ending.TOLD_SECONDS)
    patience.look()
    assert not other.signal_group(signal.SIGTERM)
    (run.path / "cancel").unlink()
