"""The rows of metrics.jsonl: one an update and one a check, read piece by piece and never all at once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def read_rows(path: Path, start: int, end: int | None = None) -> Iterator[tuple[Row, int]]:
    """Each whole row from byte `start` on, up to `end`, with the byte after it.

    A torn last line is left for later; a torn or damaged one before it is passed over.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            start += len(line)
            if not line.endswith(b"\n") or (end is not None and start > end):
                return
            row = _parse(line)
            if row is not None:
                yield row, start


def is_check(row: Row) -> bool:
    """Whether it tells of a check on held-out examples, not of an update."""
    return "eval_loss" in row


def is_row(found: Any) -> bool:
    """Whether it tells of anything; a damaged line may be JSON too."""
    return isinstance(found, dict) and "attempt" in found and "step" in found and ("loss" in found or is_check(found))


def _parse(line: bytes) -> Row | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if is_row(found) else None
