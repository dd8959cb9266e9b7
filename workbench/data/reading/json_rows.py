"""JSON files: rows on lines, in a list, in a list under a name, or as columns, whatever the file's ending says."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

from workbench.data.reading.encodings import open_text
from workbench.data.reading.json_split import TOKEN, split
from workbench.data.reading.json_strict import kind, parse, read_row
from workbench.data.reading.records import (
    MAX_FILE_BYTES,
    MAX_ROW_CHARACTERS,
    Item,
    ReadingOptions,
    Record,
    Rejected,
    Unfit,
    excerpt,
)
from workbench.errors import DataError

_MAX_OBJECT_CHARACTERS = 256 * 1024**2
_SHAPES = "Put one object on each line, or one list of objects into the file."


class JsonRows:
    """JSON, and JSON Lines."""

    suffixes = (".json", ".jsonl", ".ndjson")
    magic = b""

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]:
        with open_text(path, options.encoding) as stream:
            first = next((text for _, text in _lines(stream)), "")
            stream.seek(0)
            if first.startswith("["):
                yield from _list_rows(stream)
            elif path.suffix.lower() != ".json" or _has_more_lines(first, stream):
                yield from (read_row(line, text) for line, text in _lines(stream))
            else:
                yield from _object_rows(stream, path.name)


def _has_more_lines(first: str, stream: TextIO) -> bool:
    """Whether a file called .json holds one whole object on each line after all."""
    if not _is_object(first):
        return False
    second = next(islice(_lines(stream), 1, None), None)
    stream.seek(0)
    return second is not None


def _lines(stream: TextIO) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; of one that is too long, only the beginning."""
    number = 0
    while text := stream.readline(MAX_ROW_CHARACTERS + 1):
        number += 1
        # Files that were put one after the other have the byte order mark of each at its place.
        if line := text.strip(" \t\n\ufeff"):
            yield number, line
        while len(text) > MAX_ROW_CHARACTERS and not text.endswith("\n"):
            text = stream.readline(MAX_ROW_CHARACTERS + 1)


def _is_object(text: str) -> bool:
    try:
        return isinstance(parse(text), dict)
    except Unfit:
        return False


def _list_rows(stream: TextIO) -> Iterator[Record | Rejected]:
    number = 0
    try:
        for number, text in enumerate(split(stream), start=1):
            yield read_row(number, text)
    except Unfit as error:
        yield Rejected(number + 1, str(error), "")


def _object_rows(stream: TextIO, name: str) -> Iterator[Record | Rejected]:
    members = _members(stream, name)
    lists = {key: value for key, value in members.items() if value.startswith("[")}
    tables = [key for key, value in lists.items() if value[1:].lstrip().startswith("{")]
    if len(tables) > 1:
        raise DataError(f"“{name}” holds several lists of rows: {', '.join(tables)}.", "Keep one of them in the file.")
    if tables:
        return _list_rows(io.StringIO(lists[tables[0]]))
    if not lists or len(lists) < len(members):
        raise DataError(f"“{name}” holds one object, not rows.", _SHAPES)
    return _column_rows(lists, name)


def _members(stream: TextIO, name: str) -> dict[str, str]:
    """The values of an object by name, each still a text."""
    text = stream.read(_MAX_OBJECT_CHARACTERS + 1).strip()
    # A list is read piece by piece; an object must be seen whole before it is known where its rows are.
    if len(text) > _MAX_OBJECT_CHARACTERS:
        size = f"more than {_MAX_OBJECT_CHARACTERS // 1024**2} MB"
        raise DataError(f"“{name}” holds one object of {size}.", "Put its rows into a .jsonl file, one on each line.")
    if not text.startswith("{"):
        raise DataError(f"“{name}” holds {_bare_kind(text)}, not rows.", _SHAPES)
    members: dict[str, str] = {}
    with _refused_whole(name):
        for member in split(io.StringIO(text), MAX_FILE_BYTES):
            key, value = _cut_name(member)
            if key in members:
                raise Unfit(f"the name “{excerpt(key)}” stands in it twice")
            members[key] = value
    return members


def _bare_kind(text: str) -> str:
    try:
        return kind(parse(text))
    except Unfit:
        return "no JSON" if text else "nothing"


def _cut_name(member: str) -> tuple[str, str]:
    # Only a string is decoded here: whatever else stands there could be nested too deeply to decode.
    if member.startswith('"') and (match := TOKEN.match(member)):
        value = member[match.end() :].lstrip()
        if value.startswith(":"):
            return parse(match[0]), value[1:].lstrip()
    raise Unfit(f"“{excerpt(member)}” is no name with a value")


def _column_rows(lists: dict[str, str], name: str) -> Iterator[Record | Rejected]:
    with _refused_whole(name):
        columns = {key: list(split(io.StringIO(value))) for key, value in lists.items()}
    lengths = {key: len(column) for key, column in columns.items()}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{key} {length}" for key, length in lengths.items())
        raise DataError(f"“{name}” holds lists of different lengths: {told}.", "Make the lists equally long.")
    names = [json.dumps(key) for key in columns]
    for number, values in enumerate(zip(*columns.values(), strict=True), start=1):
        row = ", ".join(f"{key}: {value}" for key, value in zip(names, values, strict=True))
        yield read_row(number, f"{{{row}}}")


@contextmanager
def _refused_whole(name: str) -> Iterator[None]:
    try:
        yield
    except Unfit as error:
        raise DataError(f"“{name}” cannot be read as JSON: {error}.", _SHAPES) from None
