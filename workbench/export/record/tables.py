"""Tables in Markdown."""

from collections.abc import Sequence
from typing import Any

Rows = Sequence[tuple[Any, ...]]


def table(rows: Rows, titles: Sequence[str] = ()) -> str:
    """Nothing without rows; with two columns and no titles if none are told."""
    if not rows:
        return ""
    heads = titles or ("", "")
    lines = [_row(heads), "|".join(["", *("---" for _ in heads), ""]), *(_row(row) for row in rows)]
    return "\n".join(lines)


def cell(value: Any) -> str:
    """As it may stand in a cell, whatever is in it."""
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else _plain(value)
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _row(cells: Sequence[Any]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"
