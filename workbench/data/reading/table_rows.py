"""CSV and TSV: the separator and the quote are found, the first row names the columns, a ragged row is left out."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TextIO

from workbench.data.reading.columns import find_columns
from workbench.data.reading.encodings import open_text
from workbench.data.reading.kinds import disguise_of
from workbench.data.reading.records import MAX_ROW_CHARACTERS, Item, ReadingOptions, Rejected, excerpt
from workbench.errors import DataError

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 64 * 1024
_NAMES = "It must hold the names of the columns, or the first example."
_REASONS = {
    "unexpected end of data": "a quote opened here is never closed; nothing after it can be read",
    "field larger than field limit": f"a cell longer than {MAX_ROW_CHARACTERS // 1024**2} MB",
}

# What a spreadsheet writes above the first row where it names the separator itself.
_DECLARATION = re.compile(r'"?sep=([,;|\t])"?\r?\n?')


@dataclass(frozen=True)
class _Layout:
    """How the cells of a file are told apart, and how many lines stand above the first row."""

    delimiter: str
    quote: str
    lines_above: int = 0


class _Row(NamedTuple):
    """One row of cells, or why it cannot be told apart."""

    line: int
    cells: list[str]
    reason: str = ""


class TableRows:
    """Comma, semicolon, tab or bar separated values."""

    suffixes = (".csv", ".tsv")
    magic = b""

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]:
        with open_text(path, options.encoding, newline="") as stream:
            sample = stream.read(_SAMPLE_CHARACTERS)
            if disguise := disguise_of(sample):
                raise DataError(f"“{path.name}” looks like {disguise}, not like a table.", "Check the end of its name.")
            layout = _find_layout(sample)
            stream.seek(0)
            table = _table(stream, layout)
            first = next(table, None)
            if first is None:
                return
            if first.reason:
                raise DataError(f"The first row of “{path.name}” cannot be read: {first.reason}.", _NAMES)
            columns = find_columns(first.cells, path.name, layout.delimiter, is_header=options.header)
            for line, cells, reason in table if options.header else chain([first], table):
                yield Rejected(line, reason, excerpt(cells[0])) if reason else columns.record(line, cells)


def _find_layout(sample: str) -> _Layout:
    """The separator under which the sample is most regular unless the file names it, and the quote."""
    if declared := _DECLARATION.match(sample):
        return _Layout(declared[1], '"', lines_above=1)
    delimiter = max(_DELIMITERS, key=lambda candidate: _regularity(sample, candidate))
    header = [name.strip() for name in sample.partition("\n")[0].split(delimiter)]
    is_single = all(len(name) > 1 and name[0] == name[-1] == "'" for name in header)
    return _Layout(delimiter, "'" if is_single else '"')


def _regularity(sample: str, delimiter: str) -> tuple[bool, float, int]:
    """More than one column counts most, then how many rows are as wide as the first, then the width."""
    rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    if len(sample) == _SAMPLE_CHARACTERS and len(rows) > 1:
        rows.pop()
    width = len(rows[0]) if rows else 0
    return width > 1, sum(len(row) == width for row in rows) / max(1, len(rows)), width


def _table(stream: TextIO, layout: _Layout) -> Iterator[_Row]:
    """The rows that are not blank, each with the line on which it begins."""
    # The csv module's own limit of 131,072 characters in a cell would refuse long documents.
    csv.field_size_limit(MAX_ROW_CHARACTERS)
    lines = _Lines(stream, layout.lines_above)
    reader = csv.reader(lines, delimiter=layout.delimiter, quotechar=layout.quote, strict=True)
    while True:
        line, lines.first = layout.lines_above + reader.line_num + 1, ""
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row(line, [lines.first], _reason(str(error)))
        else:
            if any(cells):
                yield _Row(line, cells)


class _Lines:
    """The lines of a file below those `above`; `first` is the first one taken since it was last emptied."""

    def __init__(self, stream: TextIO, above: int) -> None:
        self.first = ""
        self._stream = stream
        for _ in range(above):
            stream.readline()

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(MAX_ROW_CHARACTERS + 1):
            if len(line) > MAX_ROW_CHARACTERS:
                raise DataError("The file has a line of more than 16 MB.", "Check that it really is a table.")
            self.first = self.first or line
            yield line


def _reason(error: str) -> str:
    known = (reason for start, reason in _REASONS.items() if error.startswith(start))
    return next(known, f"a quote in it does not fit: {error}")
