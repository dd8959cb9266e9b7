"""Rows that were edited or left out by hand: lines of `changes.jsonl` beside the untouched originals.

A row is known by its file, counted from 0 in its set, and its line. A later line about the same row wins.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from workbench.data.examples import Example, Message
from workbench.data.reading.records import Note, Rejected, Unfit, check_text, excerpt
from workbench.errors import DataError

_ROLES = ("system", "user", "assistant")
_UNDO = "Choose an earlier version of the set."

Row = Example | Rejected | Note


@dataclass(frozen=True)
class Excluded:
    """A row that its owner left out."""

    line: int
    excerpt: str


@dataclass(frozen=True)
class Change:
    """What became of one row: left out, or said anew. With none of these it is again as it was read."""

    part: int
    line: int
    excluded: bool = False
    messages: tuple[Message, ...] = ()
    text: str = ""

    @classmethod
    def from_json(cls, data: Any) -> "Change":
        """Raises DataError for what no row can be."""
        try:
            messages = tuple(Message(role, content) for role, content in data.get("messages", ()))
            change = cls(data["part"], data["line"], data.get("excluded", False), messages, data.get("text", ""))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise DataError(f"“{excerpt(str(data))}” is no change of a row.", _UNDO) from None
        change.check()
        return change

    def to_json(self) -> dict[str, Any]:
        row: dict[str, Any] = {"part": self.part, "line": self.line}
        if self.excluded:
            row["excluded"] = True
        if self.messages:
            row["messages"] = [[message.role, message.content] for message in self.messages]
        if self.text:
            row["text"] = self.text
        return row

    def check(self) -> None:
        """Raises DataError for what names no row, or cannot be learned from."""
        is_row = _are_of(int, self.part, self.line) and min(self.part, self.line) >= 0
        if not (is_row and isinstance(self.excluded, bool) and isinstance(self.text, str)):
            raise DataError(f"“{excerpt(str(self.to_json()))}” names no row.", _UNDO)
        try:
            if self.messages:
                _check_turns(self.messages)
            check_text(self.text)
        except Unfit as error:
            raise DataError(f"Row {self.line} {error}.", "Mend it, or leave the row out.") from None


class Changes:
    """The changes of a set, the last one for each row; one that takes an earlier one back leaves none."""

    def __init__(self, changes: Iterable[Change]) -> None:
        last = {(change.part, change.line): change for change in changes}
        self._of = {row: change for row, change in last.items() if change.excluded or change.messages or change.text}

    def __len__(self) -> int:
        return len(self._of)

    def merged(self, later: Iterable[Change]) -> "Changes":
        return Changes([*self._of.values(), *later])

    def to_jsonl(self) -> str:
        rows = (self._of[key].to_json() for key in sorted(self._of))
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def applied(self, rows: Iterable[Row], part: int) -> Iterator[Row | Excluded]:
        """The rows of one file as they are after the changes; a rejected row can be mended."""
        for line, same in groupby(rows, _line):
            change = self._of.get((part, line))
            if change is None:
                yield from same
            else:
                # A long text comes in pieces; what is said anew stands for all that begin on its line.
                yield _changed([row for row in same if not isinstance(row, Note)], change)


def load(path: Path | None) -> Changes:
    """The changes in a file, none if there is no file. Raises DataError for a line that is none."""
    if path is None:
        return Changes(())
    changes = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                changes.append(Change.from_json(json.loads(line)))
            except json.JSONDecodeError:
                raise DataError(f"Line {number} of the changes of this set is no JSON.", _UNDO) from None
    return Changes(changes)


def _line(row: Row) -> int:
    return -1 if isinstance(row, Note) else row.line


def _changed(pieces: list[Example | Rejected], change: Change) -> Example | Excluded:
    first, last = pieces[0], pieces[-1]
    if change.excluded:
        return Excluded(first.line, first.excerpt if isinstance(first, Rejected) else _excerpt(first))
    ends_document = isinstance(last, Rejected) or last.ends_document
    return Example(first.line, change.messages, change.text, ends_document)


def _excerpt(example: Example) -> str:
    return excerpt(" → ".join(message.content[:500] for message in example.messages) or example.text)


def _check_turns(messages: tuple[Message, ...]) -> None:
    for number, message in enumerate(messages, start=1):
        if not _are_of(str, message.role, message.content):
            raise Unfit(f"has no text in message {number}")
        check_text(message.content)
        if message.role not in _ROLES or (message.role == "system" and number > 1):
            raise Unfit(f"has the role “{excerpt(message.role)}” in message {number}, which cannot be there")
        if not message.content.strip() and message.role != "system":
            raise Unfit("has no answer" if message.role == "assistant" else "has no question")
    roles = [message.role for message in messages if message.role != "system"]
    if "assistant" not in roles:
        raise Unfit("has no answer")
    if roles[0] == "assistant":
        raise Unfit("begins with an answer")


def _are_of(kind: type, *values: Any) -> bool:
    return all(isinstance(value, kind) and not isinstance(value, bool) for value in values)
