"""How far an evaluation is: told to its folder a few times a second, where a stop is heard, too."""

import time

from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.pace import tell_left
from workbench.jobs.folder import Status

_SECONDS = 0.25


class Stopped(Exception):
    """Its owner no longer wants it."""


class Progress:
    """Of one stage after another; the steps of the status are those of the stage."""

    def __init__(self, job: Evaluation) -> None:
        self._job = job
        self._words = ""
        self._done = self._first = self._total = 0
        self._later_seconds = 0.0
        self._began = self._checked = time.monotonic()

    def tell(self, message: str) -> None:
        """What is being done where nothing is counted. Raises Stopped."""
        self._checked = 0.0
        self.check()
        self._job.write_status(Status("preparing", message=message))

    def begin(self, words: str, done: int, total: int, later_seconds: float) -> None:
        """A stage of which so many are done already; those after it take about so long."""
        self._words, self._done, self._first, self._total = words, done, done, total
        self._later_seconds = later_seconds
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
        told = f"{self._words}: {self._done} of {self._total}"
        fresh = self._done - self._first
        if fresh:
            own = (time.monotonic() - self._began) / fresh * (self._total - self._done)
            told += f" · {tell_left(own + self._later_seconds)}"
        self._job.write_status(Status("preparing", self._done, self._total, told))
