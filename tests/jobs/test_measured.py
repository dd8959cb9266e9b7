"""What a worker took at most is known however it, or its keeper, ended."""

import signal

import pytest

from tests.jobs.greedy_worker import TAKEN_BYTES
from tests.jobs.test_supervisor import jobs, until  # noqa: F401 - a fixture
from workbench.jobs.files import read_lines
from workbench.jobs.folder import NO_MEMORY, JobFolder

_GREEDY = "tests.jobs.greedy_worker"
_TAKEN_GB = TAKEN_BYTES / 1e9


def is_right(peak_gb: float) -> bool:
    """What was taken, and a small Python."""
    return _TAKEN_GB < peak_gb < _TAKEN_GB + 0.06


def rows(job: JobFolder, count: int) -> list[dict]:
    """What was measured, once there is so much of it."""
    found: list[dict] = []
    while len(found) < count:
        found = read_lines(job.system_path)[0]
        assert job.is_alive()
    return found


@pytest.mark.slow
def test_the_peak_outlives_a_kill_of_the_worker(jobs) -> None:  # noqa: F811
    job = jobs("one", _GREEDY)
    until(job, "training")
    job.processes()["worker"].signal(signal.SIGKILL)
    until(job, "interrupted")
    ended = job.exit()
    assert ended is not None and is_right(ended.peak_gb), ended


@pytest.mark.slow
def test_the_peak_outlives_a_kill_of_the_keeper(jobs) -> None:  # noqa: F811
    job = jobs("one", _GREEDY)
    until(job, "training")
    last = rows(job, 2)[-1]
    assert is_right(last["peak_gb"]) and last["anonymous_gb"] < 0.06
    keeper = job.processes()["supervisor"]
    keeper.signal(signal.SIGKILL)
    while keeper.is_alive():
        pass
    job.request_stop()
    assert job.wait().phase == "stopped" and job.exit() is None
    assert is_right(read_lines(job.system_path)[0][-1]["peak_gb"])


@pytest.mark.slow
def test_a_worker_that_tells_of_its_lack_is_believed(jobs, tmp_path) -> None:  # noqa: F811
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "returns").write_text(str(NO_MEMORY))
    job = jobs("one", _GREEDY)
    job.wait()
    ended = job.exit()
    assert ended is not None and ended.out_of_memory and ended.code == NO_MEMORY
