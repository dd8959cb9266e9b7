"""The course of a run, read from metrics.jsonl as it grows."""

from pathlib import Path
from typing import Any

from workbench.jobs.files import read_lines


class Metrics:
    """One row a step and one a check; after a resume the later attempt wins.

    `poll` reads only what is new. `generation` grows when rows already read were replaced, so that whoever keeps a
    cursor knows to start again.
    """

    def __init__(self, path: Path) -> None:
        self.steps: list[dict[str, Any]] = []
        self.evaluations: list[dict[str, Any]] = []
        self.generation = 0
        self._path = path
        self._offset = 0
        self._attempt = 1

    def poll(self) -> "Metrics":
        rows, self._offset = read_lines(self._path, self._offset)
        for row in rows:
            self._take(row)
        return self

    def _take(self, row: dict[str, Any]) -> None:
        if row["attempt"] != self._attempt:
            self._begin_attempt(row)
        (self.evaluations if "eval_loss" in row else self.steps).append(row)

    def _begin_attempt(self, row: dict[str, Any]) -> None:
        """Drop what the earlier attempt had done beyond the checkpoint that this one went on from."""
        self._attempt, start = row["attempt"], row["step"]
        self.generation += 1
        self.steps = [old for old in self.steps if old["step"] < start]
        self.evaluations = [old for old in self.evaluations if old["step"] < start]


def last_row(path: Path) -> dict[str, Any]:
    """The newest step without reading the whole file; empty if there is none."""
    return next((row for row in reversed(_tail(path)) if "loss" in row), {})


def last_attempt(path: Path) -> int:
    """The number of the newest attempt; 0 before the first."""
    return max((row["attempt"] for row in _tail(path)), default=0)


def _tail(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    rows, _ = read_lines(path, max(0, path.stat().st_size - 4096))
    return [row for row in rows if isinstance(row, dict) and "attempt" in row]
