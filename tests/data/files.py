"""Data files for tests, and what was made of them."""

import json
from pathlib import Path

from workbench.data.examples import Example
from workbench.data.reading.read import Reading

HELLO = {"question": "Hello", "answer": "Ahoy"}
BYE = {"question": "Bye", "answer": "Fair winds"}
BOTH = [("Hello", "Ahoy"), ("Bye", "Fair winds")]


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
