"""A stretch of a run as finely as it can be shown: whole where it is short, from its blocks where it is long."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.runs.rows import Row, is_check, read_rows
from workbench.runs.thinned import BLOCK_UPDATES, Block, read_blocks

_MOST_WHOLE = 50
"""Blocks that are read whole: more points than a chart has room for."""


def read_stretch(metrics_path: Path, first: int, last: int) -> list[Row]:
    """The updates from step `first` to `last`, in order. Nothing but the newest where nothing was thinned."""
    blocks = read_blocks(metrics_path)
    near = [block for block in blocks if _is_near(block, first, last)]
    is_short = len(near) <= _MOST_WHOLE
    rows = list(_whole(metrics_path, near) if is_short else (row for block in near for row in block.rows))
    if blocks:
        rows += [row for row, _ in read_rows(metrics_path, blocks[-1].end)]
    return [row for row in valid(rows) if first <= row["step"] <= last and not is_check(row)]


def valid(rows: Iterable[Row]) -> list[Row]:
    """Without what a later attempt did over again."""
    kept: list[Row] = []
    attempt = 0
    for row in rows:
        if row["attempt"] != attempt:
            attempt = row["attempt"]
            kept = [old for old in kept if old["step"] < row["step"]]
        kept.append(row)
    return kept


def _is_near(block: Block, first: int, last: int) -> bool:
    steps = [row["step"] for row in block.rows]
    return bool(steps) and min(steps) - BLOCK_UPDATES <= last and max(steps) + BLOCK_UPDATES >= first


def _whole(metrics_path: Path, blocks: list[Block]) -> Iterator[Row]:
    for block in blocks:
        yield from (row for row, _ in read_rows(metrics_path, block.start, block.end))
