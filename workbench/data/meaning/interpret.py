"""Rows of cells as examples: what each column is for is found from the first rows, and then held for all of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from workbench.data.examples import Example
from workbench.data.meaning.chosen import check_chosen, list_columns, not_known
from workbench.data.meaning.columns import Columns, find_roles
from workbench.data.meaning.formats import ROLE_WORDS, recognise
from workbench.data.meaning.guess import guess
from workbench.data.meaning.layout import Format, Found, Given, Mapping, Remarks
from workbench.data.reading.records import Item, Note, Record, Rejected, Unfit, excerpt
from workbench.errors import DataError

_ROWS_LOOKED_AT = 50
_COLUMNS_KNOWN = 1000
_NONE_CHOSEN = Columns()

Meaning = Example | Rejected | Note


@dataclass(frozen=True)
class Interpreted:
    """What a file's columns are for, and its rows one by one.

    `mapping` is role to column; `unsure` is empty, or says what was guessed, for the user to correct.
    Notes among the rows tell what is not used, and what was done to rows to make examples of them.
    """

    layout: Format
    mapping: Mapping
    columns: tuple[str, ...]
    unsure: str
    rows: Iterator[Meaning]


def interpret(items: Iterator[Item], name: str, columns: Columns = _NONE_CHOSEN) -> Interpreted:
    """Raises DataError where no column can be told apart; `name` is the file's, `columns` are the user's choice."""
    head = _first_rows(items)
    records = [item for item in head if isinstance(item, Record)]
    if not records:
        raise nothing_usable(name, [item for item in head if isinstance(item, Rejected)])
    there = tuple(dict.fromkeys(chain.from_iterable(record.cells for record in records)))
    given = check_chosen(columns, there, name)
    found = recognise(records, given) or guess(records, there, given)
    if found is None:
        raise not_known(there, name)
    rows = chain(_notes(found, there), _meanings(chain(head, items), found, given, there))
    return Interpreted(found.layout, found.mapping, there, found.unsure, rows)


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


def _notes(found: Found, columns: tuple[str, ...]) -> Iterator[Note]:
    if found.layout.note:
        yield Note(found.layout.note)
    unused = [column for column in columns if found.mapping and column and column not in found.mapping.values()]
    if unused:
        yield Note(f"Columns that are not used: {list_columns(unused)}.")


def _meanings(items: Iterable[Item], found: Found, given: Given, columns: tuple[str, ...]) -> Iterator[Meaning]:
    known, mapping, remarks = set(columns), found.mapping, Remarks()
    for item in items:
        if not isinstance(item, Record):
            yield item
            continue
        if len(known) < _COLUMNS_KNOWN and not item.cells.keys() <= known:
            known.update(item.cells)
            late = _late_roles(item, found.layout, mapping, given)
            mapping = late | mapping
            yield from (_late_note(item.line, role, column) for role, column in late.items())
        yield _meaning(item, found.layout, mapping, remarks)
    for sentence, rows in remarks.items():
        yield Note(f"{sentence} (in {rows:,} {'row' if rows == 1 else 'rows'}).")


def _late_roles(record: Record, layout: Format, mapping: Mapping, given: Given) -> Mapping:
    """Columns with a role that the first rows did not have."""
    found = find_roles(layout.names, record.cells, given | mapping)
    return {role: column for role, column in found.items() if role not in mapping}


def _late_note(line: int, role: str, column: str) -> Note:
    return Note(f"“{excerpt(column)}”, which first stands in row {line:,}, is used for {ROLE_WORDS[role]}.")


def _meaning(record: Record, layout: Format, mapping: Mapping, remarks: Remarks) -> Example | Rejected:
    try:
        return layout.example(record, mapping, remarks)
    except Unfit as error:
        # Not the whole row: it may be megabytes long.
        shown = ", ".join(f"{column}: {str(value)[:200]}" for column, value in list(record.cells.items())[:8])
        return Rejected(record.line, str(error), excerpt(shown))
