"""The loss of a run in a few points, for a list and for comparing: read as it grows, and never kept whole."""

from pathlib import Path
from typing import Any

from workbench.jobs.files import read_lines
from workbench.monitoring.series import Smoother

Point = tuple[int, float]

_MOST_POINTS = 300


class Curve:
    """The smoothed training loss and the checks. `poll` reads only what is new."""

    def __init__(self, path: Path) -> None:
        self.checks: list[Point] = []
        self.last: Point | None = None
        self.seconds = 0.0
        self._path = path
        self._offset = 0
        self._attempt = 1
        self._kept: list[Point] = []
        self._every = 1
        self._count = 0
        self._smoother = Smoother()

    def poll(self) -> "Curve":
        rows, self._offset = read_lines(self._path, self._offset)
        for row in rows:
            self._take(row)
        return self

    @property
    def points(self) -> list[Point]:
        """At most some hundred, the newest among them."""
        unkept = self.last is not None and self.last not in self._kept[-1:]
        return [*self._kept, self.last] if unkept and self.last else list(self._kept)

    @property
    def best(self) -> Point | None:
        """The check with the lowest loss."""
        return min(self.checks, key=lambda check: check[1], default=None)

    def _take(self, row: dict[str, Any]) -> None:
        if row["attempt"] != self._attempt:
            self._begin_attempt(row["attempt"], row["step"])
        self.seconds = row["seconds"]
        if "eval_loss" not in row:
            self._take_step(row["step"], row["loss"])
        elif row["eval_loss"] is not None:
            self.checks.append((row["step"], row["eval_loss"]))

    def _take_step(self, step: int, loss: float | None) -> None:
        smoothed = self._smoother.add(loss)
        if smoothed is None:
            return
        self.last = (step, smoothed)
        if self._count % self._every == 0:
            self._kept.append(self.last)
        self._count += 1
        if len(self._kept) > _MOST_POINTS:
            self._kept = self._kept[::2]
            self._every *= 2

    def _begin_attempt(self, attempt: int, start: int) -> None:
        """Drop what the earlier attempt had done beyond the checkpoint that this one went on from."""
        self._attempt = attempt
        self.checks = [check for check in self.checks if check[0] < start]
        self._kept = [point for point in self._kept if point[0] < start]
        self.last = self._kept[-1] if self._kept else None
