"""Rows of cells for tests, and what they are taken to mean."""

from dataclasses import dataclass
from typing import Any

from tests.data.files import turns
from workbench.data.examples import Example
from workbench.data.meaning.columns import Columns
from workbench.data.meaning.interpret import interpret
from workbench.data.reading.records import Note, Record, Rejected

Turns = list[tuple[str, str]]


@dataclass(frozen=True)
class Meant:
    """What was made of some rows."""

    layout: str
    mapping: dict[str, str]
    columns: tuple[str, ...]
    unsure: str
    examples: list[Example]
    rejected: list[tuple[int, str]]
    notes: list[str]

    @property
    def turns(self) -> list[Turns]:
        return [turns(example) for example in self.examples]


def meant(*rows: dict[str, Any], **columns: str) -> Meant:
    """The rows as those of a file called a.jsonl; `columns` are those the user chose. Raises DataError."""
    items = (Record(line, cells) for line, cells in enumerate(rows, start=1))
    found = interpret(items, "a.jsonl", Columns(**columns))
    rows_out = list(found.rows)
    return Meant(
        found.layout.name,
        found.mapping,
        found.columns,
        found.unsure,
        [row for row in rows_out if isinstance(row, Example)],
        [(row.line, row.reason) for row in rows_out if isinstance(row, Rejected)],
        [row.sentence for row in rows_out if isinstance(row, Note)],
    )
