"""Lines of CSV that are safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

# A spreadsheet runs what begins like this.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_line(cells: Iterable[str]) -> str:
    """One line, in which no cell is a formula."""
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(cell) for cell in cells])
    return line.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
