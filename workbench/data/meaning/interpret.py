"""Rows of cells as examples: what each column is for is found from the first rows, and then held for all of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from workbench.data.examples import Example
from workbench.data.meaning.formats import Format, Mapping, recognise
from workbench.data.reading.records import Item, Note, Record, Rejected, Unfit, excerpt
from workbench.errors import DataError

_ROWS_LOOKED_AT = 50


@dataclass(frozen=True)
class Interpreted:
    """What a file's columns are for, and its rows one by one."""

    layout: Format
    mapping: Mapping
    columns: tuple[str, ...]
    rows: Iterator[Example | Rejected | Note]


def interpret(items: Iterator[Item], name: str) -> Interpreted:
    """Raises DataError where no column can be told apart; `name` is the file's."""
    head = _first_rows(items)
    records = [item for item in head if isinstance(item, Record)]
    if not records:
        raise nothing_usable(name, [item for item in head if isinstance(item, Rejected)])
    found = recognise(records)
    columns = tuple(dict.fromkeys(column for record in records for column in record.cells))
    if found is None:
        told = ", ".join(f"“{excerpt(column)}”" for column in columns[:8]) or "none"
        raise DataError(
            f"The columns of “{name}” are not known here: {told}.",
            "Call them question and answer, or instruction, input and output, or messages, or text.",
        )
    layout, mapping = found
    return Interpreted(layout, mapping, columns, (_meaning(item, layout, mapping) for item in chain(head, items)))


def nothing_usable(name: str, rejected: list[Rejected]) -> DataError:
    """Why a file is refused as a whole, from the first of its rows."""
    if not rejected:
        return DataError(f"“{name}” holds no rows.", "Put at least one example into it.")
    reasons = "; ".join(f"row {row.line}: {row.reason}" for row in rejected[:3])
    message = f"No row of “{name}” can be used ({reasons})."
    return DataError(message, "Mend them, or take another file.")


def _first_rows(items: Iterable[Item]) -> list[Item]:
    """The rows up to the fiftieth good one."""
    head: list[Item] = []
    good = 0
    iterator = iter(items)
    while good < _ROWS_LOOKED_AT and (item := next(iterator, None)) is not None:
        head.append(item)
        good += isinstance(item, Record)
    return head


def _meaning(item: Item, layout: Format, mapping: Mapping) -> Example | Rejected | Note:
    if not isinstance(item, Record):
        return item
    try:
        return layout.example(item, mapping)
    except Unfit as error:
        # Not the whole row: it may be megabytes long.
        shown = ", ".join(f"{column}: {str(value)[:200]}" for column, value in list(item.cells.items())[:8])
        return Rejected(item.line, str(error), excerpt(shown))
