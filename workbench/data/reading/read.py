"""A file as training examples: what was accepted, what was left out and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from workbench.data.examples import Example
from workbench.data.meaning.formats import Format, Mapping, recognise
from workbench.data.reading.checks import fingerprint
from workbench.data.reading.json_rows import JsonRows
from workbench.data.reading.records import Record, Rejected, RowReader, Unfit, excerpt
from workbench.data.reading.table_rows import TableRows
from workbench.data.reading.text_rows import TextRows
from workbench.errors import DataError

READERS: tuple[RowReader, ...] = (JsonRows(), TableRows(), TextRows())
SUFFIXES = tuple(suffix for reader in READERS for suffix in reader.suffixes)

_ROWS_LOOKED_AT = 50


@dataclass(frozen=True)
class Reading:
    """What the workbench makes of one file; `mapping` is role to column."""

    path: Path
    format: str
    mapping: Mapping
    examples: tuple[Example, ...]
    rejected: tuple[Rejected, ...]
    sha256: str


def read(path: Path) -> Reading:
    """Raises DataError if the file as a whole cannot be used, or no row of it."""
    sha256 = fingerprint(path)
    rows = _reader_of(path).rows(path)
    head = _first_rows(rows)
    layout, mapping = _layout_of(head, path.name)
    examples: list[Example] = []
    rejected: list[Rejected] = []
    for row in chain(head, rows):
        result = _example(row, layout, mapping)
        if isinstance(result, Example):
            examples.append(result)
        else:
            rejected.append(result)
    if not examples:
        raise _nothing_usable(path.name, rejected)
    return Reading(path, layout.name, mapping, tuple(examples), tuple(rejected), sha256)


def _reader_of(path: Path) -> RowReader:
    suffix = path.suffix.lower()
    for reader in READERS:
        if suffix in reader.suffixes:
            return reader
    kind = f"a {suffix} file" if suffix else "a file without an ending"
    raise DataError(f"“{path.name}” is {kind}, which cannot be read as data.", f"Use one of {', '.join(SUFFIXES)}.")


def _first_rows(rows: Iterator[Record | Rejected]) -> list[Record | Rejected]:
    """The rows up to the fiftieth good one."""
    head: list[Record | Rejected] = []
    good = 0
    while good < _ROWS_LOOKED_AT and (row := next(rows, None)) is not None:
        head.append(row)
        good += isinstance(row, Record)
    return head


def _layout_of(head: list[Record | Rejected], name: str) -> tuple[Format, Mapping]:
    records = [row for row in head if isinstance(row, Record)]
    if not records:
        raise _nothing_usable(name, [row for row in head if isinstance(row, Rejected)])
    found = recognise(records)
    if found is None:
        columns = ", ".join(f"“{excerpt(column)}”" for column in list(records[0].cells)[:8]) or "none"
        raise DataError(
            f"The columns of “{name}” are not known here: {columns}.",
            "Call them question and answer, or instruction, input and output, or messages, or text.",
        )
    return found


def _example(row: Record | Rejected, layout: Format, mapping: Mapping) -> Example | Rejected:
    if isinstance(row, Rejected):
        return row
    try:
        return layout.example(row, mapping)
    except Unfit as error:
        # Not the whole row: it may be megabytes long.
        shown = ", ".join(f"{column}: {str(value)[:200]}" for column, value in list(row.cells.items())[:8])
        return Rejected(row.line, str(error), excerpt(shown))


def _nothing_usable(name: str, rejected: list[Rejected]) -> DataError:
    if not rejected:
        return DataError(f"“{name}” holds no rows.", "Put at least one example into it.")
    reasons = "; ".join(f"row {row.line}: {row.reason}" for row in rejected[:3])
    message = f"No row of “{name}” can be used ({reasons})."
    return DataError(message, "Mend them, or take another file.")
