"""What a layout of rows is, and what it is asked for."""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from workbench.data.examples import Example
from workbench.data.meaning.columns import Names
from workbench.data.reading.json_strict import kind
from workbench.data.reading.records import Cells, Record, Unfit

Mapping = dict[str, str]
"""Role to column."""

Given = Mapping
"""Role to the column that the user chose for it."""

Remarks = Counter[str]
"""What was done to rows that their owner should know, one plain sentence each, and to how many."""


class Format(Protocol):
    """One layout of rows; `names` are those of its columns, `note` is told about each file laid out like this."""

    @property
    def name(self) -> str: ...

    @property
    def names(self) -> Names: ...

    @property
    def note(self) -> str: ...

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        """Which column plays which role, if the row is laid out like this."""

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        """Raises Unfit."""


@dataclass(frozen=True)
class Found:
    """The layout of a file and its columns; `unsure` says, where it is a guess, what was taken for what."""

    layout: Format
    mapping: Mapping
    unsure: str = ""


def needed_text(cells: Cells, column: str, role: str) -> str:
    """The text of a cell that must hold one. Raises Unfit."""
    if column not in cells:
        raise Unfit(f"missing column {column}")
    text = optional_text(cells, column)
    if not text:
        raise Unfit(f"no {role}")
    return text


def optional_text(cells: Cells, column: str | None) -> str:
    """The text of a cell as it stands, or nothing where it is blank or there is no such column. Raises Unfit."""
    value = cells.get(column) if column is not None else None
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unfit(f"{column} is {kind(value)}, not text")
    return "" if not value or value.isspace() else value
