"""CSV and TSV: the separator and the quote are found, the first row names the columns, a ragged row is left out."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from workbench.data.reading.records import (
    MAX_COLUMNS,
    MAX_ROW_CHARACTERS,
    Item,
    ReadingOptions,
    Record,
    Rejected,
    Unfit,
    check_text,
    excerpt,
)
from workbench.errors import DataError

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_CHARACTERS = 64 * 1024
_REASONS = {
    "unexpected end of data": "a quote opened here is never closed; nothing after it can be read",
    "field larger than field limit": f"a cell longer than {MAX_ROW_CHARACTERS // 1024**2} MB",
}


@dataclass(frozen=True)
class _Layout:
    delimiter: str
    quote: str


@dataclass(frozen=True)
class _Row:
    """One row of cells, or why it cannot be told apart."""

    line: int
    cells: list[str]
    reason: str = ""


class TableRows:
    """Comma, semicolon, tab or bar separated values."""

    suffixes = (".csv", ".tsv")

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            layout = _find_layout(stream.read(_SAMPLE_CHARACTERS))
            stream.seek(0)
            table = _table(stream, layout)
            header = next(table, None)
            if header is None:
                return
            names = _check_header(header, path.name)
            for row in table:
                yield _record(row, names, layout.delimiter)


def _find_layout(sample: str) -> _Layout:
    """The separator under which the sample is most regular, and the quote."""
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
    lines = _Lines(stream)
    reader = csv.reader(lines, delimiter=layout.delimiter, quotechar=layout.quote, strict=True)
    while True:
        line, lines.first = reader.line_num + 1, ""
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
    """The lines of a file; `first` is the first one taken since it was last emptied."""

    def __init__(self, stream: TextIO) -> None:
        self.first = ""
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        while line := self._stream.readline(MAX_ROW_CHARACTERS + 1):
            if len(line) > MAX_ROW_CHARACTERS:
                raise DataError("The file has a line of more than 16 MB.", "Check that it really is a table.")
            self.first = self.first or line
            yield line


def _reason(error: str) -> str:
    known = (reason for start, reason in _REASONS.items() if error.startswith(start))
    return next(known, f"a quote in it does not fit: {error}")


def _check_header(row: _Row, name: str) -> list[str]:
    names = [cell.strip() for cell in row.cells]
    while len(names) > 1 and not names[-1]:
        names.pop()
    if row.reason:
        raise DataError(f"The first row of “{name}” cannot be read: {row.reason}.", "It must name the columns.")
    if len(names) > MAX_COLUMNS:
        raise DataError(f"“{name}” has {len(names):,} columns; the limit is {MAX_COLUMNS}.", "Keep those that matter.")
    twice, count = Counter(names).most_common(1)[0]
    if count > 1:
        told = f"two columns called “{excerpt(twice)}”" if twice else "columns without a name"
        raise DataError(f"“{name}” has {told}.", "Give each column its own name in the first row.")
    return names


def _record(row: _Row, names: list[str], delimiter: str) -> Record | Rejected:
    text = delimiter.join(row.cells)
    cells = row.cells[: len(names)]
    try:
        if row.reason:
            raise Unfit(row.reason)
        # Spreadsheets pad rows with empty cells; a filled one has lost its column.
        if len(cells) < len(names) or any(row.cells[len(names) :]):
            count = "1 cell" if len(row.cells) == 1 else f"{len(row.cells)} cells"
            raise Unfit(f"{count} where the first row names {len(names)} columns")
        check_text(text)
    except Unfit as error:
        return Rejected(row.line, str(error), excerpt(text))
    return Record(row.line, dict(zip(names, cells, strict=True)))
