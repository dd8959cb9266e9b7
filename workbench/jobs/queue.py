"""Whose turn it is: locks that die with their holders, and first come first served."""

import fcntl
import os
from pathlib import Path

from workbench.jobs.folder import JobFolder


class Lock:
    """A file that one holder has. It is held as long as a process lives that inherited the descriptor."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    def take(self) -> bool:
        """Take it if it is free."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Let go, unless another process has inherited it."""
        os.close(self.descriptor)


def is_first(job: JobFolder) -> bool:
    """Whether no living job beside this one has waited longer."""
    mine = (job.queued_at(), job.id)
    others = (JobFolder(path) for path in job.path.parent.iterdir() if path != job.path and path.is_dir())
    return not any(_waits(other) and (other.queued_at(), other.id) < mine for other in others)


def _waits(job: JobFolder) -> bool:
    return job.stored_status().phase == "queued" and job.is_alive()
