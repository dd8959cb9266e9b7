"""A comparison as a table: one line a question, one column an answerer."""

from collections.abc import Iterator

from workbench.chat.keeping.sheet import Sheet
from workbench.data.spreadsheet import csv_line


def write_csv(sheet: Sheet) -> str:
    """Every line tells the settings too, so that lines of several files can stand in one."""
    return "".join(_lines(sheet))


def _lines(sheet: Sheet) -> Iterator[str]:
    yield csv_line(["Question", *sheet.columns, "Better answer", "Notes", *(name for name, _ in sheet.facts)])
    told = [words for _, words in sheet.facts]
    for row in sheet.rows:
        cells = list(zip(sheet.columns, row.cells, strict=True))
        better = next((column for column, cell in cells if cell.is_better), "")
        notes = "; ".join(f"{column}: {cell.note}" for column, cell in cells if cell.note)
        yield csv_line([row.prompt, *(cell.text for cell in row.cells), better, notes, *told])
