"""The thinned course of a run, so that a long one opens at once: beside metrics.jsonl, a few rows for each hundred.

A line of thinned.jsonl is a block: the bytes of metrics.jsonl that it stands for, and in `rows` the updates with the
lowest and the highest loss among them, with every check. A row that stands for more than itself says for how many, in
`updates`, and tells their mean loss, in `mean`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.jobs.files import append_json, read_lines
from workbench.runs.rows import Row, is_check, is_row, read_rows

BLOCK_UPDATES = 100


@dataclass(frozen=True)
class Block:
    """What stands from byte `start` to byte `end` of metrics.jsonl, in a few rows."""

    start: int
    end: int
    rows: list[Row]


class Thinner:
    """The one writer of thinned.jsonl. What an earlier attempt left open, or never began, is made good at the start."""

    def __init__(self, metrics_path: Path) -> None:
        self._metrics_path = metrics_path
        self._path = thinned_path(metrics_path)
        blocks = read_blocks(metrics_path)
        self._start = blocks[-1].end if blocks else 0
        self._attempt = max((row["attempt"] for row in blocks[-1].rows), default=0) if blocks else 0
        self._open: list[Row] = []
        self._updates = 0
        for row, end in read_rows(metrics_path, self._start):
            self._take(row, end)

    def add(self, row: Row) -> None:
        """Take in the row that was just written to metrics.jsonl."""
        self._take(row, self._metrics_path.stat().st_size)

    def _take(self, row: Row, end: int) -> None:
        self._open.append(row)
        self._updates += not is_check(row)
        if self._updates >= BLOCK_UPDATES:
            self._close(end)

    def _close(self, end: int) -> None:
        rows = self._thinned()
        append_json(self._path, {"start": self._start, "end": end, "rows": rows})
        self._start, self._attempt = end, self._open[-1]["attempt"]
        self._open, self._updates = [], 0

    def _thinned(self) -> list[Row]:
        """The first row of an attempt stays too: it tells what of the one before is void."""
        kept: list[Row] = []
        for attempt in sorted({row["attempt"] for row in self._open}):
            rows = [row for row in self._open if row["attempt"] == attempt]
            updates, checks = [row for row in rows if not is_check(row)], [row for row in rows if is_check(row)]
            beginning = rows[:1] if attempt != self._attempt and not is_check(rows[0]) else []
            kept += sorted([*beginning, *fold(updates[len(beginning) :]), *checks], key=lambda row: row["step"])
        return kept


def thinned_path(metrics_path: Path) -> Path:
    return metrics_path.with_name("thinned.jsonl")


def read_blocks(metrics_path: Path) -> list[Block]:
    """The blocks that join without a gap from the beginning on; what does not fit metrics.jsonl is left out."""
    size = metrics_path.stat().st_size if metrics_path.exists() else 0
    lines, _ = read_lines(thinned_path(metrics_path))
    return list(_joined(lines, size))


def fold(updates: list[Row]) -> list[Row]:
    """At most two rows that stand for all of these: the lowest and the highest loss, in their order."""
    present = [row for row in updates if row["loss"] is not None]
    if not present:
        return updates[-1:]
    extremes = {id(row): row for row in (min(present, key=_loss), max(present, key=_loss))}
    kept = sorted(extremes.values(), key=lambda row: row["step"])
    together = {"mean": mean_loss(present), "updates": sum(map(stands_for, present)) / len(kept)}
    return [row | together for row in kept]


def mean_loss(updates: list[Row]) -> float | None:
    """The mean loss of all updates that these rows stand for."""
    total, weight = 0.0, 0.0
    for row in updates:
        loss = row.get("mean", row["loss"])
        if loss is not None:
            total += loss * stands_for(row)
            weight += stands_for(row)
    return float(f"{total / weight:.6g}") if weight else None


def stands_for(row: Row) -> float:
    """The number of updates, itself included."""
    return float(row.get("updates", 1))


def _loss(row: Row) -> float:
    return float(row["loss"])


def _joined(lines: list[Any], size: int) -> Iterator[Block]:
    reached = 0
    for line in lines:
        if not _is_block(line) or line["start"] != reached or not reached < line["end"] <= size:
            continue
        reached = line["end"]
        yield Block(**line)


def _is_block(line: Any) -> bool:
    if not isinstance(line, dict) or line.keys() != {"start", "end", "rows"}:
        return False
    return isinstance(line["start"], int) and isinstance(line["end"], int) and all(map(is_row, line["rows"]))
