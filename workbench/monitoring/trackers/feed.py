"""The rows of a run in the order in which they were written, from any place on; of what was done twice, the last."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.jobs.files import read_lines
from workbench.monitoring.trackers.base import Row
from workbench.runs.run_dir import RunDir

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Sent:
    """How far a lap has come. It is closed when the tracker has all of it."""

    lap: int = 1
    metrics_bytes: int = 0
    samples_bytes: int = 0
    attempt: int = 0
    step: int = 0
    closed: bool = True

    @property
    def is_new(self) -> bool:
        return self.metrics_bytes == 0 and self.samples_bytes == 0

    def again(self) -> "Sent":
        """The next lap, from the start."""
        return Sent(self.lap + 1)


class Overtaken(Exception):
    """The run went back to a checkpoint: what was sent beyond it is not true any more."""


class Feed:
    """Reads a piece at a time, so that a run of a million steps needs no more memory than a short one."""

    def __init__(self, run: RunDir, sent: Sent) -> None:
        self.sent = sent
        self._run = run
        self._starts = _find_starts(run.metrics_path)

    def next(self) -> list[Row]:
        """Some more rows; none if there are no new ones now. Raises Overtaken."""
        rows, end = read_lines(self._run.metrics_path, self.sent.metrics_bytes, _CHUNK_BYTES)
        for row in rows:
            self._take_place(row)
        answers, answers_end = read_lines(self._run.samples_path, self.sent.samples_bytes, _CHUNK_BYTES)
        self.sent = replace(self.sent, metrics_bytes=end, samples_bytes=answers_end)
        return [row for row in (*rows, *answers) if not self._is_overtaken(row)]

    def _take_place(self, row: Row) -> None:
        if row["attempt"] > self.sent.attempt:
            self._starts.setdefault(row["attempt"], row["step"])
            if self.sent.attempt and row["step"] <= self.sent.step:
                raise Overtaken
        if not self._is_overtaken(row):
            furthest = max(self.sent.step, row["step"])
            self.sent = replace(self.sent, attempt=row["attempt"], step=furthest)

    def _is_overtaken(self, row: Row) -> bool:
        """Whether a later attempt began before this row."""
        return any(attempt > row["attempt"] and start <= row["step"] for attempt, start in self._starts.items())


def _find_starts(path: Path) -> dict[int, int]:
    """The step with which each attempt begins."""
    starts: dict[int, int] = {}
    for row in _read_all(path):
        starts.setdefault(row["attempt"], row["step"])
    return starts


def _read_all(path: Path) -> Iterator[Row]:
    start = 0
    while True:
        rows, end = read_lines(path, start, _CHUNK_BYTES)
        if end == start:
            return
        yield from rows
        start = end
