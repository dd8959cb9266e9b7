"""The rows of the Data tab: a page of the list, and one row in full. All of it is sent as text, never as HTML."""

from typing import Any

import numpy as np

from workbench.data.counting.filters import FILTERS, mask
from workbench.data.examples import Example
from workbench.errors import DataError
from workbench.ui import text_data as text
from workbench.ui.data.desk import EXCLUDED, Looked
from workbench.ui.data.strip import strips

PAGE_ROWS = 25
_CELL_CHARACTERS = 160
_WHOLE_CHARACTERS = 200_000


def page(looked: Looked, filter_id: str, words: str, number: int) -> dict[str, Any]:
    """The rows of one page, which is the last one where there are not so many."""
    order = looked.order(filter_id, words)
    pages = max(1, -(-len(order) // PAGE_ROWS))
    number = min(max(0, number), pages - 1)
    shown = order[number * PAGE_ROWS : (number + 1) * PAGE_ROWS].tolist()
    return {"total": len(order), "page": number, "pages": pages, "rows": [_cells(looked, row) for row in shown]}


def whole(looked: Looked, row: int) -> dict[str, Any]:
    """One row: an example with its tokens, or what is known of one that was left out. Raises DataError for none."""
    subject = looked.subject
    if row < 0:
        return _left_out(looked, row)
    place = _within(row, len(subject))
    if not subject.is_accepted[place]:
        return _without_tokens(looked, place)
    return _example(looked, place) | {
        "strips": strips(subject, place),
        "marks": [found.label for found in FILTERS if mask(subject, found.id)[place]],
    }


def neighbour(looked: Looked, filter_id: str, words: str, row: int | None, step: int) -> int | None:
    """The row `step` places further in the list, or any row if `step` is 0; None if the list is empty."""
    order = looked.order(filter_id, words)
    if not len(order):
        return None
    if step == 0:
        return int(np.random.default_rng().choice(order))
    here = np.flatnonzero(order == row)
    place = int(here[0]) + step if len(here) else 0
    return int(order[place % len(order)])


def _cells(looked: Looked, row: int) -> dict[str, Any]:
    subject = looked.subject
    if row < 0:
        told = _told(looked, row)
        return {
            "id": row,
            "part": looked.files[told["part"]]["place"],
            "line": told["line"],
            "file": _file_name(looked, told["part"]),
            "kind": told["kind"],
            "question": told["excerpt"],
            "answer": told["reason"],
        }
    example = subject.prepared.examples.examples[row]
    question, answer = _summary(example)
    return {
        "id": row,
        "part": looked.files[example.part]["place"],
        "line": example.line,
        "file": _file_name(looked, example.part),
        "kind": "held_out" if row in looked.held_out else "cut" if subject.is_cut[row] else "example",
        "question": question,
        "answer": answer,
        "tokens": int(subject.tokens[row]),
    }


def _summary(example: Example) -> tuple[str, str]:
    """The beginning of what is asked, and of the last answer; a text has no question."""
    if not example.messages:
        return "", _cut(example.text)
    asked = [message.content for message in example.messages if message.role == "user"]
    return _cut(asked[-1] if asked else ""), _cut(example.messages[-1].content)


def _cut(words: str) -> str:
    return words if len(words) <= _CELL_CHARACTERS else words[:_CELL_CHARACTERS] + "…"


def _example(looked: Looked, place: int) -> dict[str, Any]:
    example = looked.subject.prepared.examples.examples[place]
    return _where(looked, example.part, example.line) | {
        "id": place,
        "kind": "example",
        "turns": [[message.role, message.content[:_WHOLE_CHARACTERS]] for message in example.messages],
        "text": example.text[:_WHOLE_CHARACTERS],
        "held_out": place in looked.held_out,
    }


def _left_out(looked: Looked, row: int) -> dict[str, Any]:
    told = _told(looked, row)
    if "example" in told:
        return _without_tokens(looked, told["example"]) | {"id": row}
    where = _where(looked, told["part"], told["line"])
    known = {name: told[name] for name in ("kind", "reason", "excerpt")}
    return where | known | {"id": row, "turns": [], "text": ""}


def _told(looked: Looked, row: int) -> dict[str, Any]:
    """What is known of a row that is no example: it was rejected, or its owner excluded it."""
    rejected, excluded = looked.subject.rejected, looked.excluded
    place = _within(-1 - row, len(rejected) + len(excluded))
    if place < len(rejected):
        return {"kind": "rejected", **rejected[place]}
    return {"kind": EXCLUDED, "reason": "", **excluded[place - len(rejected)]}


def _without_tokens(looked: Looked, place: int) -> dict[str, Any]:
    """An example that a tokenizer could make nothing of: its words are known, so that it can be mended."""
    rejected = looked.subject.rejected
    reasons = (row for row in reversed(rejected) if row.get("example") == place)
    found = next(reasons, {"reason": "", "excerpt": ""})
    return _example(looked, place) | {"kind": "rejected", "reason": found["reason"], "excerpt": found["excerpt"]}


def _where(looked: Looked, part: int, line: int) -> dict[str, Any]:
    file = looked.files[part]
    # Rows of sets that are mixed in belong to those sets, and are edited there.
    own = file["reference"] == looked.choice.found.reference
    return {"line": line, "file": _file_name(looked, part), "part": file["place"], "editable": own}


def _file_name(looked: Looked, part: int) -> str:
    return str(looked.files[part]["name"]) if len(looked.files) > 1 else ""


def _within(place: int, count: int) -> int:
    if not 0 <= place < count:
        raise DataError(text.NO_ROW, text.CHOOSE_ROW)
    return place
