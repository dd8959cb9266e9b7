"""What a tracker is told of a run, and the five things that it does with it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

PROJECT = "lora-workbench"
"""Under this name the runs stand together, where a tracker knows projects."""

_PLACES = ("attempt", "step")

Row = dict[str, Any]
"""A line of metrics.jsonl or samples.jsonl."""


@dataclass(frozen=True)
class Subject:
    """A run as a tracker sees it."""

    run_id: str
    run_name: str
    created: float
    settings: dict[str, Any]
    place: Path
    """The folder of this tracker in the workspace."""
    lap: int = 1
    """More than 1 if the rows are sent again from the start: what was sent before was overtaken, or cut short."""
    is_new: bool = True
    """False if a lap goes on that was begun before."""

    @property
    def name(self) -> str:
        return self.run_name if self.lap == 1 else f"{self.run_name} ({self.lap})"

    @property
    def key(self) -> str:
        """Told apart from any other run, also from a later one with the same id."""
        return f"{self.run_id}-{int(self.created)}-{self.lap}"

    def time(self, row: Row) -> float:
        """When a row was measured, as seconds since 1970; that of an answer is not known to the second."""
        return self.created + float(row.get("seconds") or 0.0)


class Tracker(Protocol):
    """Each method may raise whatever the tracker's package raises: then the following ends, and the run does not."""

    def begin(self, subject: Subject) -> None: ...

    def step(self, row: Row) -> None: ...

    def evaluation(self, row: Row) -> None: ...

    def answer(self, row: Row) -> None:
        """One watched answer: `step`, `prompt`, `expected`, `answer`."""

    def end(self) -> None:
        """Everything sent is safe when this returns."""


def numbers(row: Row) -> dict[str, float]:
    """What was measured; what was not a number (NaN, infinity) is left out."""
    return {name: value for name, value in row.items() if name not in _PLACES and isinstance(value, int | float)}
