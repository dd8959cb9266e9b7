"""A job that brings something from afar: how far it is, how fast it comes, and that it can be stopped at any moment."""

import signal
import threading
import time
from collections import deque
from pathlib import Path

from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import JobFolder, Status

_TELL_SECONDS = 0.25
_POLL_SECONDS = 0.2
_RATE_SECONDS = 5.0
"""The rate is that of the last few seconds."""


class Stopped(BaseException):
    """It was cancelled. Not an Exception: what retries after any of those must not retry after this."""


def listen(job: JobFolder) -> None:
    """Have a stop interrupt whatever is under way, a connection on which nothing comes above all."""

    def on_signal(*_: object) -> None:
        raise Stopped

    def watch() -> None:
        while not job.stop_requested():
            time.sleep(_POLL_SECONDS)
        signal.pthread_kill(main_thread, signal.SIGTERM)

    main_thread = threading.get_ident()
    signal.signal(signal.SIGTERM, on_signal)
    threading.Thread(target=watch, daemon=True).start()


def be_uninterruptible() -> None:
    """From here on a stop comes too late: what is left takes a moment and must not be half done."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


class Teller:
    """Tells the job's folder how far it is, a few times a second. The steps of its status are bytes."""

    def __init__(self, job: JobFolder, size_bytes: int, message: str, done_bytes: int = 0) -> None:
        self._job = job
        self._size_bytes = size_bytes
        self._message = message
        self._done_bytes = done_bytes
        self._told_at = 0.0
        self._course = deque([(time.monotonic(), done_bytes)])

    def add(self, more_bytes: int) -> None:
        """So many more have come; fewer than none where some must come again."""
        self._done_bytes += more_bytes
        now = time.monotonic()
        if now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            self._job.write_status(Status("preparing", self._done_bytes, self._size_bytes, self._message))
            write_json(_rate_path(self._job), {"bytes_per_second": round(self._rate(now))})

    def _rate(self, now: float) -> float:
        self._course.append((now, self._done_bytes))
        while len(self._course) > 2 and now - self._course[0][0] > _RATE_SECONDS:
            self._course.popleft()
        began, from_bytes = self._course[0]
        return max(0.0, self._done_bytes - from_bytes) / max(now - began, 1e-3)


def bytes_per_second(job: JobFolder) -> float:
    """How fast it comes; 0 where that is not known, or nothing has come for a while."""
    path = _rate_path(job)
    if not path.exists() or time.time() - path.stat().st_mtime > _RATE_SECONDS:
        return 0.0
    return float(read_json(path).get("bytes_per_second", 0))


def _rate_path(job: JobFolder) -> Path:
    return job.path / "rate.json"
