"""Whose turn it is: one lock for the machine's training slot, first come first served."""

import fcntl
import os
from pathlib import Path

from workbench.jobs.folder import JobFolder


class Slot:
    """The machine's one training slot. The lock lives as long as a process that inherited it."""

    def __init__(self, lock_path: Path) -> None:
        lock_path.parent.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o644)

    def take(self) -> bool:
        """Take the slot if it is free."""
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_first(job: JobFolder) -> bool:
    """Whether no living job beside this one has waited longer."""
    mine = (job.queued_at(), job.id)
    others = (JobFolder(path) for path in job.path.parent.iterdir() if path != job.path and path.is_dir())
    return not any(_waits(other) and (other.queued_at(), other.id) < mine for other in others)


def _waits(job: JobFolder) -> bool:
    return job.stored_status().phase == "queued" and job.is_alive()
