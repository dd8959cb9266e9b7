"""Whose turn it is: locks that die with their holders, and a line that keeps its order until someone changes it."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import JobFolder

Place = Literal["first", "up", "down", "last"]

PLACES: tuple[Place, ...] = ("first", "up", "down", "last")
"""Where in the line a job can be moved."""


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

    def wait(self) -> None:
        """Take it as soon as it is free."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)

    def free(self) -> None:
        """Let go, and keep the file open for another try."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Let go, unless another process has inherited it."""
        os.close(self.descriptor)


class Line:
    """The jobs of one folder that wait for one slot.

    The order stands in the jobs' own folders. Whoever changes it holds a lock meanwhile, and so does a job that takes
    its turn: a job is either moved or started, and of two moves at once the later sees what the earlier did.
    """

    def __init__(self, folder: Path, slot_path: Path) -> None:
        self._folder = folder
        self._order_path = slot_path.with_suffix(".order")

    def waiting(self) -> list[JobFolder]:
        """The living jobs that wait, the next one first."""
        paths = self._folder.iterdir() if self._folder.exists() else ()
        return sorted((job for job in map(JobFolder, paths) if job.path.is_dir() and _waits(job)), key=_turn)

    def take_turn(self, job: JobFolder, slot: Lock) -> bool:
        """Take the slot if it is free, and no other job's turn comes first."""
        with self._held():
            # The slot first: while it is taken, waiting costs next to nothing, however many jobs there are.
            if job.requested() or not slot.take():
                return False
            if any(_turn(other) < _turn(job) for other in self.waiting()):
                slot.free()
                return False
            job.write_status(replace(job.stored_status(), phase="preparing", message="Loading."))
            return True

    def move(self, job: JobFolder, to: Place) -> bool:
        """Change a job's place; False if it does not wait any more."""
        with self._held():
            line = self.waiting()
            ids = [other.id for other in line]
            if job.id not in ids:
                return False
            here = ids.index(job.id)
            there = {"first": 0, "up": max(0, here - 1), "down": here + 1, "last": len(line)}[to]
            line.insert(there, line.pop(here))
            for place, other in enumerate(line):
                write_json(_turn_path(other), {"turn": place})
            return True

    def leave(self, job: JobFolder) -> bool:
        """Ask a job to give its place up; False if it does not wait any more."""
        with self._held():
            if _waits(job):
                job.request_stop()
                return True
            return False

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        lock = Lock(self._order_path)
        try:
            lock.wait()
            yield
        finally:
            lock.close()


def _waits(job: JobFolder) -> bool:
    return job.stored_status().phase == "queued" and job.is_alive() and not job.requested()


def _turn(job: JobFolder) -> tuple[int, float, str]:
    """The place it was moved to, which comes before every time of joining; a damaged one does not count."""
    try:
        return 0, float(read_json(_turn_path(job))["turn"]), job.id
    except (KeyError, TypeError, ValueError):
        return 1, job.queued_at(), job.id


def _turn_path(job: JobFolder) -> Path:
    return job.path / "turn.json"
