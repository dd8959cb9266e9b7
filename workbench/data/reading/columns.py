"""The columns of a table: what its first row says of them, and whether each row after it fits."""

from collections import Counter
from dataclasses import dataclass

from workbench.data.reading.records import MAX_COLUMNS, Cells, Record, Rejected, Unfit, check_text, excerpt
from workbench.errors import DataError


@dataclass(frozen=True)
class Columns:
    """The names of a table's columns, what stands between its cells when a row is shown, and who named them."""

    names: list[str]
    separator: str
    is_named: bool

    def record(self, line: int, row: list[str]) -> Record | Rejected:
        """A row as a record, or why it cannot be one."""
        try:
            return Record(line, self._cells(row))
        except Unfit as error:
            return Rejected(line, str(error), excerpt(self.separator.join(row)))

    def _cells(self, row: list[str]) -> Cells:
        width = len(self.names)
        # Spreadsheets pad rows with empty cells; a filled one has lost its column.
        if len(row) < width or (len(row) > width and any(row[width:])):
            verb = "names" if self.is_named else "has"
            raise Unfit(f"{_count(len(row), 'cell')} where the first row {verb} {_count(width, 'column')}")
        for cell in row:
            # Nothing else that is broken can come out of a file that was strictly decoded.
            if "\0" in cell:
                check_text(cell)
        return dict(zip(self.names, row, strict=False))


def find_columns(first: list[str], name: str, separator: str, *, is_header: bool) -> Columns:
    """The columns by the first row of the table `name`. Raises DataError where it cannot name them."""
    names = [cell.strip() for cell in first]
    while len(names) > 1 and not names[-1]:
        names.pop()
    if not is_header:
        names = [f"column {number}" for number in range(1, len(names) + 1)]
    check_names(names, name)
    return Columns(names, separator, is_named=is_header)


def check_names(names: list[str], name: str) -> None:
    """Raises DataError where the table `name` has too many columns, or two of one name, or a name that is no text."""
    if len(names) > MAX_COLUMNS:
        raise DataError(f"“{name}” has {len(names):,} columns; the limit is {MAX_COLUMNS}.", "Keep those that matter.")
    twice, count = Counter(names).most_common(1)[0]
    if count > 1:
        told = f"two columns called “{excerpt(twice)}”" if twice else "columns without a name"
        raise DataError(f"“{name}” has {told}.", "Give each column its own name in the first row.")
    try:
        check_text("".join(names))
    except Unfit as error:
        raise DataError(f"The first row of “{name}” {error}.", "It must name the columns.") from None


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
