"""How far an evaluation is: told to its folder a few times a second, where a stop is heard, too."""

import time
from dataclasses import dataclass

from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.pace import tell_left
from workbench.jobs.folder import Status

_SECONDS = 0.25


class Stopped(Exception):
    """Its owner no longer wants it."""


@dataclass(frozen=True)
class Left:
    """How many seconds a stage will take as a whole, and those after it, as far as is known before."""

    own: float
    later: float


class Progress:
    """Of one stage after another; the steps of the status are those of the stage."""

    def __init__(self, job: Evaluation) -> None:
        self._job = job
        self._words = ""
        self._done = self._first = self._total = 0
        self._expected = Left(0.0, 0.0)
        self._began = self._checked = time.monotonic()

    def tell(self, message: str) -> None:
        """What is being done where nothing is counted. Raises Stopped."""
        self._checked = 0.0
        self.check()
        self._job.write_status(Status("preparing", message=message))

    def begin(self, words: str, done: int, total: int, expected: Left) -> None:
        """A stage of which so many are done already."""
        self._words, self._done, self._first, self._total = words, done, done, total
        self._expected = expected
        self._began = time.monotonic()
        self._write()

    def step(self) -> None:
        """One more is done. Raises Stopped."""
        self._done += 1
        self.check()

    def check(self) -> None:
        """Raises Stopped if that was asked for."""
        now = time.monotonic()
        if now - self._checked < _SECONDS:
            return
        self._checked = now
        if self._job.stop_requested():
            raise Stopped
        if self._words:
            self._write()

    def _write(self) -> None:
        left = tell_left(self._own_seconds() + self._expected.later)
        told = f"{self._words}: {self._done} of {self._total} · {left}"
        self._job.write_status(Status("preparing", self._done, self._total, told))

    def _own_seconds(self) -> float:
        """What the stage still takes, at the pace of what it did; of the first in it nothing is known but before."""
        passed, fresh, missing = time.monotonic() - self._began, self._done - self._first, self._total - self._done
        if fresh:
            return passed / fresh * missing
        return max(0.0, self._expected.own * missing / max(1, self._total) - passed)
