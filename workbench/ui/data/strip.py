"""One example as the model sees it: its tokens, which are learned, and which are cut off."""

from typing import Any

import numpy as np

from workbench.data.counting.subject import Subject
from workbench.data.rendering.fit import Kept

LEARNED, LEFT_OUT, BEGINS_ROW = 1, 2, 4
"""What is said of a token, added up."""

MOST_TOKENS = 4000
_LONGEST_LETTER = 4

Piece = tuple[str, int, int]
"""Text, what is said of it, and how many tokens it takes: a letter may take several."""


def strips(subject: Subject, example: int) -> list[dict[str, Any]]:
    """The token rows of an example: one, or one for each answer of a conversation."""
    tokens, rows = subject.prepared.tokens.tokens, subject.rows
    kept = [rows.kept(int(place)) for place in np.flatnonzero(rows.examples == example)]
    sources = range(*np.searchsorted(tokens.examples, [example, example + 1]))
    return [_strip(subject, source, [window for window in kept if window.source == source]) for source in sources]


def _strip(subject: Subject, source: int, windows: list[Kept]) -> dict[str, Any]:
    row = subject.prepared.tokens.tokens[source]
    states = _states(len(row.ids), row.spans, windows)
    ids = row.ids[:MOST_TOKENS]
    pieces = join(subject.prepared.tokens.vocabulary.pieces(ids), states.tolist())
    return {
        "pieces": pieces,
        "tokens": len(row.ids),
        "learned": int(((states & LEARNED) > 0).sum()),
        "left_out": int(((states & LEFT_OUT) > 0).sum()),
        "more": len(row.ids) - len(ids),
        "rows": len(windows),
    }


def _states(count: int, spans: Any, windows: list[Kept]) -> "np.ndarray[Any, Any]":
    is_kept, is_wanted, begins = (np.zeros(count, bool) for _ in range(3))
    for window in windows:
        is_kept[: window.head] = True
        is_kept[window.start : window.end] = True
        begins[window.fresh] = window.fresh > 0 and len(windows) > 1
    for first, last in zip(spans[::2], spans[1::2], strict=True):
        is_wanted[first:last] = True
    return LEARNED * (is_kept & is_wanted) + LEFT_OUT * ~is_kept + BEGINS_ROW * begins


def join(pieces: list[bytes], states: list[int]) -> list[Piece]:
    """The text of each token; those that share a letter become one piece."""
    joined: list[Piece] = []
    held, count = b"", 0
    for piece, state in zip(pieces, states, strict=False):
        held, count = held + piece, count + 1
        if _is_open(held) and count < _LONGEST_LETTER:
            continue
        joined.append((held.decode("utf-8", "replace"), state, count))
        held, count = b"", 0
    if held:
        joined.append((held.decode("utf-8", "replace"), states[len(pieces) - 1], count))
    return joined


def _is_open(held: bytes) -> bool:
    """Whether the bytes end in the middle of a letter."""
    try:
        held.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return False
