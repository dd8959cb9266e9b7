"""Staying with a background job until it has ended."""

import sys
from collections.abc import Callable

from workbench.jobs.folder import JobFolder, Status
from workbench.jobs.transfer import bytes_per_second


def follow(job: JobFolder, says: Callable[[Status], str] = lambda status: status.message) -> Status:
    """Wait for its end, and end it with Ctrl-C; what it `says` is one live line on a terminal, nothing elsewhere."""

    def draw(status: Status) -> None:
        print(f"\r\x1b[K{says(status)}\r", end="", file=sys.stderr, flush=True)

    is_seen = sys.stderr.isatty()
    try:
        status = job.wait(draw if is_seen else lambda status: None)
    except KeyboardInterrupt:
        job.request_stop()
        job.wait()
        raise
    if is_seen:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    return status


def follow_bytes(job: JobFolder) -> Status:
    """The same for one whose steps are bytes: how many have come, and how fast."""

    def says(status: Status) -> str:
        size = f" {status.step / 1e6:,.1f} of {status.steps / 1e6:,.1f} MB" if status.steps else ""
        rate = bytes_per_second(job)
        return f"{status.message}{size}" + (f", {rate / 1e6:,.1f} MB/s" if rate else "")

    return follow(job, says)
