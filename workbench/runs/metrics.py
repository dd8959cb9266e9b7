"""The course of a run, read from metrics.jsonl as it grows, in a memory that does not grow with it."""

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.jobs.files import read_lines
from workbench.runs.rows import Row, is_check, read_rows
from workbench.runs.thinned import BLOCK_UPDATES, Block, fold, read_blocks

_FIRST = 500
_LATEST = 2000
_BETWEEN = 4000
_FIRST_BLOCKS, _LATEST_BLOCKS = _FIRST // BLOCK_UPDATES, _LATEST // BLOCK_UPDATES
_ROWS_A_LOOK_AT_THE_CLOCK = 500


class RowReader:
    """Each row once, in order. The long middle of a long run comes thinned, where its worker wrote that beside it."""

    def __init__(self, path: Path) -> None:
        self.is_behind = False
        """Whether the last reading ended because its time was up."""
        self._path = path
        self._offset = 0
        self._skipped: list[Block] | None = None

    @property
    def share(self) -> float:
        """How much has been read, from 0 to 1."""
        size = self._path.stat().st_size if self._path.exists() else 0
        return min(1.0, self._offset / size) if size else 1.0

    def read(self, most_seconds: float = math.inf) -> Iterator[Row]:
        """What is new; where that takes longer than `most_seconds`, the next call goes on."""
        deadline = time.monotonic() + most_seconds
        if self._skipped is None:
            self._skipped = read_blocks(self._path)[_FIRST_BLOCKS:-_LATEST_BLOCKS]
        if self._skipped:
            yield from self._whole(self._skipped[0].start)
            yield from (row for block in self._skipped for row in block.rows)
            self._offset, self._skipped = self._skipped[-1].end, []
        self.is_behind = False
        for count, row in enumerate(self._whole()):
            yield row
            if count % _ROWS_A_LOOK_AT_THE_CLOCK == 0 and time.monotonic() > deadline:
                self.is_behind = True
                return

    def _whole(self, end: int | None = None) -> Iterator[Row]:
        for row, reached in read_rows(self._path, self._offset, end):
            self._offset = reached
            yield row


class Metrics:
    """One row an update and one a check; after a resume the later attempt wins.

    `poll` reads only what is new. Of a long run `steps` holds the first and the latest updates whole, and between them
    rows that stand for several (`workbench.runs.thinned`). `generation` grows when rows already read were replaced, so
    that whoever knows the last step it has seen knows when to start again.
    """

    def __init__(self, path: Path) -> None:
        self.steps: list[Row] = []
        self.evaluations: list[Row] = []
        self.generation = 0
        self.reader = RowReader(path)
        self._attempt = 1
        self._thinned_to = 0

    def poll(self, most_seconds: float = math.inf) -> "Metrics":
        for row in self.reader.read(most_seconds):
            self._take(row)
        return self

    def _take(self, row: Row) -> None:
        if row["attempt"] != self._attempt:
            self._begin_attempt(row)
        if is_check(row):
            self.evaluations.append(row)
        else:
            self._take_update(row)

    def _take_update(self, row: Row) -> None:
        self.steps.append(row)
        if "updates" in row:
            self._thinned_to = len(self.steps)
        if len(self.steps) - max(self._thinned_to, _FIRST) >= 2 * _LATEST:
            self._fold_oldest()
        if self._thinned_to - _FIRST > _BETWEEN:
            self._fold_evenly()

    def _fold_oldest(self) -> None:
        """Make blocks of the older half of what is whole."""
        start = max(self._thinned_to, _FIRST)
        whole = self.steps[start : start + _LATEST]
        blocks = [fold(whole[place : place + BLOCK_UPDATES]) for place in range(0, _LATEST, BLOCK_UPDATES)]
        folded = [row for block in blocks for row in block]
        self.steps[start : start + _LATEST] = folded
        self._thinned_to = start + len(folded)

    def _fold_evenly(self) -> None:
        """Thin the middle to half of what it may be, in stretches of one length: no part of the run is favoured."""
        middle = self.steps[_FIRST : self._thinned_to]
        first, span = middle[0]["step"], middle[-1]["step"] - middle[0]["step"] + 1
        stretches: dict[int, list[Row]] = {}
        for row in middle:
            stretches.setdefault((row["step"] - first) * (_BETWEEN // 4) // span, []).append(row)
        folded = [row for stretch in stretches.values() for row in fold(stretch)]
        self.steps[_FIRST : self._thinned_to] = folded
        self._thinned_to = _FIRST + len(folded)

    def _begin_attempt(self, row: Row) -> None:
        """Drop what the earlier attempt had done beyond the checkpoint that this one went on from."""
        self._attempt, start = row["attempt"], row["step"]
        self.generation += 1
        self.steps = [old for old in self.steps if old["step"] < start]
        self.evaluations = [old for old in self.evaluations if old["step"] < start]
        self._thinned_to = min(self._thinned_to, len(self.steps))


def last_row(path: Path) -> dict[str, Any]:
    """The newest step without reading the whole file; empty if there is none."""
    return next(reversed(last_rows(path)), {})


def last_rows(path: Path) -> list[dict[str, Any]]:
    """The newest steps, a dozen or two of them."""
    return [row for row in _tail(path) if "loss" in row]


def last_attempt(path: Path) -> int:
    """The number of the newest attempt; 0 before the first."""
    return max((row["attempt"] for row in _tail(path)), default=0)


def _tail(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    rows, _ = read_lines(path, max(0, path.stat().st_size - 4096))
    return [row for row in rows if isinstance(row, dict) and "attempt" in row]
