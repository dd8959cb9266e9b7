"""How far a transfer is and how fast, as its folder tells it."""

import os
import time
from pathlib import Path

import pytest

from workbench.jobs import transfer
from workbench.jobs.folder import JobFolder, Status
from workbench.jobs.transfer import Teller, bytes_per_second


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    time = staticmethod(time.time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(transfer, "time", clock)
    return clock


def test_the_rate_is_that_of_the_last_seconds(tmp_path: Path, clock: Clock) -> None:
    job = JobFolder(tmp_path)
    assert bytes_per_second(job) == 0
    teller = Teller(job, 10_000, "Fetching.", done_bytes=4_000)
    for amount in (*[1000] * 4, *[10] * 12):
        clock.now += 1
        teller.add(amount)
    assert job.stored_status() == Status("preparing", 8_120, 10_000, "Fetching.")
    assert bytes_per_second(job) == pytest.approx(10, abs=1)
    os.utime(job.path / "rate.json", (0, 0))
    assert bytes_per_second(job) == 0, "nothing has come for a while"


def test_what_must_come_again_is_taken_back(tmp_path: Path, clock: Clock) -> None:
    job = JobFolder(tmp_path)
    teller = Teller(job, 10_000, "Fetching.", done_bytes=5_000)
    clock.now += 1
    teller.add(-5_000)
    assert (job.stored_status().step, bytes_per_second(job)) == (0, 0)


def test_it_is_told_a_few_times_a_second_at_most(tmp_path: Path, clock: Clock) -> None:
    job = JobFolder(tmp_path)
    teller = Teller(job, 10_000, "Fetching.")
    for _ in range(100):
        clock.now += 0.01
        teller.add(10)
    assert 500 < job.stored_status().step < 1_000
