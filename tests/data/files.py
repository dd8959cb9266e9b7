"""Data files for tests, and what was made of them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.data.examples import Example
from workbench.data.meaning.formats import Mapping
from workbench.data.meaning.interpret import interpret, nothing_usable
from workbench.data.reading.read import read_items
from workbench.data.reading.records import Note, ReadingOptions, Rejected

HELLO = {"question": "Hello", "answer": "Ahoy"}
BYE = {"question": "Bye", "answer": "Fair winds"}
BOTH = [("Hello", "Ahoy"), ("Bye", "Fair winds")]


@dataclass(frozen=True)
class Reading:
    """What was made of one file."""

    format: str
    mapping: Mapping
    examples: tuple[Example, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[str, ...]


def read(path: Path, **options: Any) -> Reading:
    """All of a file at once, under the `options` of reading. Raises DataError if no row of it can be used."""
    found = interpret(read_items(path, ReadingOptions(**options)), path.name)
    rows = list(found.rows)
    examples = tuple(row for row in rows if isinstance(row, Example))
    rejected = tuple(row for row in rows if isinstance(row, Rejected))
    notes = tuple(row.sentence for row in rows if isinstance(row, Note))
    if not examples:
        raise nothing_usable(path.name, list(rejected))
    return Reading(found.layout.name, found.mapping, examples, rejected, notes)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def turns(example: Example) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in example.messages]


def pairs(reading: Reading) -> list[tuple[str, ...]]:
    return [tuple(message.content for message in example.messages) for example in reading.examples]


def faults(reading: Reading) -> list[tuple[int, str]]:
    return [(rejected.line, rejected.reason) for rejected in reading.rejected]


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
