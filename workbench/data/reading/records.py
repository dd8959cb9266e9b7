"""What a file holds before anyone knows what it means: rows, and why some of them were left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

MAX_FILE_BYTES = 2 * 1024**3
MAX_UNPACKED_BYTES = 4 * 1024**3
MAX_ROW_CHARACTERS = 16 * 1024**2
MAX_COLUMNS = 200
EXCERPT_CHARACTERS = 120

TOO_LONG = f"longer than {MAX_ROW_CHARACTERS // 1024**2} MB"

_BROKEN = re.compile(r"[\x00\ud800-\udfff]")

Cells = dict[str, Any]


class Unfit(Exception):
    """Why one row cannot be used, in a few words."""


# A tuple, because one is made for each of perhaps a million rows.
class Record(NamedTuple):
    """One row; `line` is its line in the file, or its number in a JSON list or a Parquet file."""

    line: int
    cells: Cells


@dataclass(frozen=True)
class Rejected:
    """One row that is left out."""

    line: int
    reason: str
    excerpt: str


@dataclass(frozen=True)
class Note:
    """Something about a file that its owner should know, and that rejects no row; one plain sentence."""

    sentence: str


@dataclass(frozen=True)
class ReadingOptions:
    """How files are read, where it cannot be found from the file itself; see the settings of the same names."""

    encoding: str = "utf-8"
    header: bool = True
    sheet: str = ""


Item = Record | Rejected | Note


class RowReader(Protocol):
    """A kind of file. Raises DataError where the file as a whole is no dataset."""

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    @property
    def magic(self) -> bytes:
        """How such a file begins; nothing for text."""

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]: ...


def excerpt(text: str) -> str:
    """The beginning of a text on one line, safe to print and to store."""
    # More than is shown, because white space is squeezed out; not all, because a row may be megabytes long.
    line = " ".join(text[: 4 * EXCERPT_CHARACTERS].replace("\0", " ").split())
    line = line.encode("utf-8", "replace").decode("utf-8")
    return line if len(line) <= EXCERPT_CHARACTERS else line[: EXCERPT_CHARACTERS - 1] + "…"


def check_text(text: str) -> None:
    """Raises Unfit for what cannot be stored or tokenised: NUL, half of a surrogate pair."""
    if found := _BROKEN.search(text):
        raise Unfit(f"holds the broken character U+{ord(found[0]):04X}")


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, the names of an object among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        yield from texts([*value.keys(), *value.values()])
