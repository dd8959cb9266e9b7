"""The loss of a run in a few points, for a list and for comparing: read as it grows, and never kept whole."""

from pathlib import Path

from workbench.monitoring.series import Smoother
from workbench.runs.metrics import RowReader
from workbench.runs.rows import Row, is_check

Point = tuple[int, float]

_MOST_POINTS = 300
_MOST_SECONDS = 0.3


class Curve:
    """The smoothed training loss and the checks. `poll` reads only what is new, a very long file in several calls."""

    def __init__(self, path: Path) -> None:
        self.checks: list[Point] = []
        self.last: Point | None = None
        self.seconds = 0.0
        self._reader = RowReader(path)
        self._attempt = 1
        self._kept: list[Point] = []
        self._every = 1
        self._smoother = Smoother()

    def poll(self) -> "Curve":
        for row in self._reader.read(_MOST_SECONDS):
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

    def _take(self, row: Row) -> None:
        if row["attempt"] != self._attempt:
            self._begin_attempt(row["attempt"], row["step"])
        self.seconds = row["seconds"]
        if not is_check(row):
            self._take_step(row["step"], row.get("mean", row["loss"]))
        elif row["eval_loss"] is not None:
            self.checks.append((row["step"], row["eval_loss"]))

    def _take_step(self, step: int, loss: float | None) -> None:
        smoothed = self._smoother.add(loss)
        if smoothed is None:
            return
        self.last = (step, smoothed)
        if self._is_due(step):
            self._kept.append(self.last)
        if len(self._kept) > _MOST_POINTS:
            self._halve()

    def _is_due(self, step: int) -> bool:
        return not self._kept or step - self._kept[-1][0] >= self._every

    def _halve(self) -> None:
        """Points stay evenly spaced, as far as there are rows: a small curve has no other measure of time."""
        self._every *= 2
        points, self._kept = self._kept, []
        for point in points:
            if self._is_due(point[0]):
                self._kept.append(point)

    def _begin_attempt(self, attempt: int, start: int) -> None:
        """Drop what the earlier attempt had done beyond the checkpoint that this one went on from."""
        self._attempt = attempt
        self.checks = [check for check in self.checks if check[0] < start]
        self._kept = [point for point in self._kept if point[0] < start]
        self.last = self._kept[-1] if self._kept else None
