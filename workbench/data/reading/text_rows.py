"""Plain text files: one document, handed on in pieces of whole paragraphs so that some can be kept for checking."""

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from workbench.data.reading.encodings import open_text
from workbench.data.reading.kinds import disguise_of
from workbench.data.reading.records import Item, Note, ReadingOptions, Record, Rejected, Unfit, check_text, excerpt

PIECE, IS_LAST = "raw text", "is last piece"
"""The columns of a row that is a piece of a document."""

_PIECE_CHARACTERS = 4000


class TextRows:
    """Plain text and Markdown."""

    suffixes = (".txt", ".md")
    magic = b""

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]:
        with open_text(path, options.encoding) as stream:
            pieces = _pieces(stream)
            waiting = next(pieces, None)
            if waiting and (disguise := disguise_of(waiting[1])):
                yield Note(f"“{path.name}” looks like {disguise}, and is read as plain text because of its name.")
            while waiting:
                following = next(pieces, None)
                yield _record(*waiting, is_last=following is None)
                waiting = following


def _pieces(stream: TextIO) -> Iterator[tuple[int, str]]:
    """The text, cut after paragraphs, or after lines where a paragraph is very long, each with its first line."""
    parts: list[str] = []
    start, size, has_text = 1, 0, False
    for number, part in _parts(stream):
        if not parts:
            start = number
        parts.append(part)
        size += len(part)
        has_text = has_text or not part.isspace()
        is_end = part.isspace() or size >= 2 * _PIECE_CHARACTERS
        if is_end and size >= _PIECE_CHARACTERS:
            if has_text:
                yield start, "".join(parts)
            parts, size, has_text = [], 0, False
    if rest := "".join(parts).rstrip():
        yield start, rest


def _parts(stream: TextIO) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; one that is longer than a piece comes in parts, cut between words."""
    number, kept = 1, ""
    while text := stream.readline(2 * _PIECE_CHARACTERS):
        text = kept + text
        is_whole = text.endswith("\n")
        end = len(text) if is_whole else text.rfind(" ") + 1 or len(text)
        yield number, text[:end]
        kept = text[end:]
        number += is_whole
    if kept:
        yield number, kept


def _record(line: int, text: str, *, is_last: bool) -> Record | Rejected:
    try:
        check_text(text)
    except Unfit as error:
        return Rejected(line, str(error), excerpt(text))
    return Record(line, {PIECE: text, IS_LAST: is_last})
