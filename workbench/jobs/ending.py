"""Ending a worker that does not end by itself: asked first, then told, then killed."""

import signal
import time

from workbench.jobs.folder import LIVE, JobFolder, Status
from workbench.jobs.process import ProcessId

CANCELLED = "Cancelled: nothing was saved after the last checkpoint."

ASKED_SECONDS = 4.0
"""How long a worker may take to end after its job was cancelled, or after its last word."""

TOLD_SECONDS = 3.0
"""How long it may take after SIGTERM; then it is killed."""

_POLL_SECONDS = 0.2


class Patience:
    """What a keeper has with a worker that is to have ended. It signals no process but this one and its children."""

    def __init__(self, job: JobFolder, worker: ProcessId) -> None:
        self._job = job
        self._worker = worker
        self._since: float | None = None

    def look(self) -> None:
        """To be called again and again: does what it is time for."""
        if self._job.requested() != "cancel" and self._job.stored_status().phase in LIVE:
            return
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since > ASKED_SECONDS + TOLD_SECONDS:
            self._worker.signal_group(signal.SIGKILL)
        elif now - self._since > ASKED_SECONDS:
            self._worker.signal_group(signal.SIGTERM)


def cancel(job: JobFolder) -> None:
    """Ask a job to end without saving more; its supervisor sees to it, or this does where that one is gone."""
    job.ask_to("cancel")
    processes = job.processes()
    worker = processes.get("worker")
    if processes["supervisor"].is_alive() or worker is None:
        return
    patience = Patience(job, worker)
    while worker.is_alive():
        patience.look()
        time.sleep(_POLL_SECONDS)
    tell_cancelled(job)


def tell_cancelled(job: JobFolder) -> None:
    """The last word on a job whose worker was ended before it could say it."""
    stored = job.stored_status()
    if stored.phase in LIVE:
        job.write_status(Status("stopped", stored.step, stored.steps, CANCELLED))
