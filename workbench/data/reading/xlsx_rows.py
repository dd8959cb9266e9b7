"""Excel workbooks: the stored values of one sheet, with the first row that is not empty as its header."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from workbench.data.reading.archive import open_archive
from workbench.data.reading.columns import check_names
from workbench.data.reading.records import (
    MAX_UNPACKED_BYTES,
    Item,
    Note,
    ReadingOptions,
    Record,
    Rejected,
    Unfit,
    excerpt,
)
from workbench.data.reading.xlsx_sheet import SheetHandler, SheetRow, cell_name
from workbench.data.reading.xlsx_workbook import Sheet, Workbook
from workbench.errors import DataError

_MAX_WORKBOOK_BYTES = 1024**3
_NAMED = 3


class XlsxRows:
    """Workbooks of Excel since 2007, and of all other spreadsheet programs."""

    suffixes = (".xlsx",)
    magic = b"PK\x03\x04"

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]:
        with _open(path) as book:
            sheet = _choose(book.sheets, options.sheet, path.name)
            if len(book.sheets) > 1:
                yield Note(f"“{path.name}” has {len(book.sheets)} sheets; only “{sheet.name}” is read.")
            handler = SheetHandler(book.shared())
            rows = (row for row in book.rows(sheet, handler) if row.fault or any(row.cells.values()))
            records = _records(rows, path.name, is_header=options.header)
            first = next(records, None)
            if first is None:
                raise _empty(sheet, book.sheets, path.name)
            yield from chain([first], records)
            if handler.merged:
                yield Note(_told(handler.merged, sheet.name))


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets in their order. Raises DataError."""
    with _open(path) as book:
        return [sheet.name for sheet in book.sheets]


@contextmanager
def _open(path: Path) -> Iterator[Workbook]:
    try:
        with open_archive(path, _MAX_WORKBOOK_BYTES) as archive:
            yield Workbook(archive)
    # What nonsense in the place of a number leads to, besides what we find ourselves.
    except (Unfit, ValueError, IndexError, OverflowError) as error:
        hint = "Open it in a spreadsheet program and save it again as .xlsx, or as CSV UTF-8."
        raise DataError(f"“{path.name}” cannot be read as a workbook: {error}.", hint) from None


def _choose(sheets: list[Sheet], wanted: str, name: str) -> Sheet:
    if not sheets:
        raise DataError(f"“{name}” has no sheet with cells.", "Put at least one example into it.")
    if not wanted:
        return next((sheet for sheet in sheets if not sheet.is_hidden), sheets[0])
    for sheet in sheets:
        if sheet.name.casefold() == wanted.casefold():
            return sheet
    raise DataError(f"“{name}” has no sheet “{excerpt(wanted)}”.", _choice_of(sheets))


def _empty(sheet: Sheet, sheets: list[Sheet], name: str) -> DataError:
    others = [other for other in sheets if other is not sheet]
    if not others:
        return DataError(f"“{name}” holds no rows.", "Put at least one example into it.")
    return DataError(f"The sheet “{excerpt(sheet.name)}” of “{name}” holds no rows.", _choice_of(others))


def _choice_of(sheets: list[Sheet]) -> str:
    there = ", ".join(f"“{excerpt(sheet.name)}”" for sheet in sheets)
    return f"Choose one of its sheets (data.sheet): {there}."


def _records(rows: Iterator[SheetRow], name: str, *, is_header: bool) -> Iterator[Record | Rejected]:
    first = next(rows, None)
    if first is None:
        return
    if first.fault:
        raise DataError(f"The first row of “{name}” cannot be read: {first.fault}.", "It must name the columns.")
    names = _names(first, is_header=is_header)
    check_names(list(names.values()), name)
    unpacked = 0
    for row in rows if is_header else chain([first], rows):
        yield _record(row, names)
        unpacked += sum(map(len, row.cells.values()))
        if unpacked > MAX_UNPACKED_BYTES:
            raise DataError(f"“{name}” unpacks to more than {MAX_UNPACKED_BYTES >> 30} GB.", "Split it into parts.")


def _names(first: SheetRow, *, is_header: bool) -> dict[int, str]:
    if is_header:
        return {column: text.strip() for column, text in first.cells.items() if text.strip()}
    filled = [column for column, text in first.cells.items() if text]
    return {column: f"column {column}" for column in range(1, max(filled) + 1)}


def _record(row: SheetRow, names: dict[int, str]) -> Record | Rejected:
    cells = row.cells
    fault = row.fault
    if outside := next((column for column, text in cells.items() if text and column not in names), 0):
        fault = fault or f"{cell_name(outside, row.number)}: stands in a column that the first row does not have"
    if fault:
        return Rejected(row.number, fault, excerpt(", ".join(text for text in cells.values() if text)))
    return Record(row.number, {name: cells.get(column, "") for column, name in names.items()})


def _told(merged: list[str], sheet: str) -> str:
    shown = ", ".join(merged[:_NAMED]) + (" …" if len(merged) > _NAMED else "")
    what = "1 group of merged cells" if len(merged) == 1 else f"{len(merged):,} groups of merged cells"
    return f"“{sheet}” has {what} ({shown}); only the first cell of each holds its text, the others are empty."
