"""What an open page asks about a run, again and again, and what it has got already."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from workbench.errors import WorkbenchError

_MOST_DIGITS = 15


@dataclass(frozen=True)
class Question:
    """An empty run means the one that trains, else the newest. -1 and empty words: the page has nothing yet."""

    run: str = ""
    generation: str = ""
    cursor: int = 0
    """The last step it has."""
    checks: int = 0
    samples: int = -1
    log_bytes: int = -1
    seen: str = ""


@dataclass(frozen=True)
class Stretch:
    """The steps of a run that a page has zoomed into."""

    run: str
    first: int
    last: int


def read_question(words: Mapping[str, str]) -> Question:
    """Raises WorkbenchError for what no page asks: anyone can."""
    return Question(**_read(Question, words))


def read_stretch_words(words: Mapping[str, str]) -> Stretch:
    """The same for a stretch, of which nothing may be missing."""
    values = _read(Stretch, words)
    if len(values) < len(fields(Stretch)) or values["first"] > values["last"]:
        raise _refusal()
    return Stretch(**values)


def _read(kind: type[Question] | type[Stretch], words: Mapping[str, str]) -> dict[str, Any]:
    types = {field.name: field.type for field in fields(kind)}
    if not words.keys() <= types.keys():
        raise _refusal()
    return {name: _whole(value) if types[name] is int else value for name, value in words.items()}


def _whole(words: str) -> int:
    if len(words) > _MOST_DIGITS or not words.isascii() or not words.removeprefix("-").isdecimal():
        raise _refusal()
    return int(words)


def _refusal() -> WorkbenchError:
    return WorkbenchError("The page asked for something that does not exist.", "Reload the page.")
