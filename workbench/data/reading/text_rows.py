"""Plain text files: one document, handed on in pieces of whole paragraphs so that some can be kept for checking."""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from workbench.data.reading.records import (
    MAX_ROW_CHARACTERS,
    Item,
    ReadingOptions,
    Record,
    Rejected,
    Unfit,
    check_text,
    excerpt,
)

PIECE, IS_LAST = "raw text", "is last piece"
"""The columns of a row that is a piece of a document."""

_PIECE_CHARACTERS = 4000


class TextRows:
    """Plain text and Markdown."""

    suffixes = (".txt", ".md")

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]:
        with path.open(encoding="utf-8-sig") as stream:
            pieces = _pieces(stream)
            waiting = next(pieces, None)
            while waiting:
                following = next(pieces, None)
                yield _record(*waiting, is_last=following is None)
                waiting = following


def _pieces(stream: TextIO) -> Iterator[tuple[int, str]]:
    """The text, cut at ends of paragraphs, or at ends of lines where a paragraph is very long."""
    lines: list[str] = []
    size = number = 0
    start = 1
    while line := stream.readline(MAX_ROW_CHARACTERS):
        number += 1
        lines.append(line)
        size += len(line)
        is_end = line.isspace() or size >= 2 * _PIECE_CHARACTERS
        if is_end and size >= _PIECE_CHARACTERS and not "".join(lines).isspace():
            yield start, "".join(lines)
            lines, size, start = [], 0, number + 1
    if rest := "".join(lines).rstrip():
        yield start, rest


def _record(line: int, text: str, *, is_last: bool) -> Record | Rejected:
    try:
        check_text(text)
    except Unfit as error:
        return Rejected(line, str(error), excerpt(text))
    return Record(line, {PIECE: text, IS_LAST: is_last})
