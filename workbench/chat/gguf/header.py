"""The header of a GGUF file: what it says of itself, and the shapes of its tensors; no weight is read.

The file is of unknown origin: nothing is allocated by what it says, and how long it is read has limits.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from workbench.errors import ModelError

Value = str | int | float | bool

_MAGIC, _VERSIONS = b"GGUF", (2, 3)
_STRING, _ARRAY = 8, 9
_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""Kinds of values, as `struct` calls them."""

_MOST_VALUES, _MOST_TENSORS, _MOST_DIMENSIONS = 10_000, 100_000, 4
_MOST_NAME_BYTES, _MOST_KEPT_BYTES = 65_535, 1_000
_MOST_STRINGS = 5_000_000
"""In all arrays; the largest vocabularies come with about a million."""

_AGAIN = "Copy, download or export it again."


@dataclass(frozen=True)
class Header:
    values: dict[str, Value]
    """Single numbers and short texts by their keys; lists and long texts are passed over."""
    tensors: dict[str, tuple[int, ...]]
    """Shapes as the file has them: the innermost dimension first."""

    @property
    def kind(self) -> str:
        """`model`, `adapter`, or what else such files hold."""
        return str(self.values.get("general.type", "model"))

    @property
    def architecture(self) -> str:
        return str(self.values.get("general.architecture", ""))

    @property
    def is_later_part(self) -> bool:
        """Whether the file goes on with a model that another one begins."""
        return bool(self.values.get("split.no", 0))


def read_header(path: Path) -> Header:
    """Raises ModelError for a file that is cut off, or is no GGUF file that can be read here."""
    with path.open("rb") as file:
        source = _Source(path, file)
        if source.take(4) != _MAGIC:
            raise source.refuse("is not a GGUF file")
        if source.number("I") not in _VERSIONS:
            raise source.refuse("is of a version of GGUF that is not read here")
        tensors, values = source.count(_MOST_TENSORS), source.count(_MOST_VALUES)
        header = Header(_read_values(source, values), _read_tensors(source, tensors))
        source.check_offsets()
    return header


class _Source:
    """A file that is read from the beginning. What would reach beyond its end is refused before it is read."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._left = path.stat().st_size
        self._strings = 0
        self._last_offset = 0

    def take(self, size: int) -> bytes:
        self._pass(size)
        return self._file.read(size)

    def skip(self, size: int) -> None:
        self._pass(size)
        self._file.seek(size, 1)

    def number(self, form: str) -> Value:
        (value,) = struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))
        return value  # type: ignore[no-any-return]

    def count(self, most: int) -> int:
        value = int(self.number("Q"))
        if value > most:
            raise self.refuse(f"lists {value:,} entries, and at most {most:,} are read")
        return value

    def text(self) -> str:
        return self.take(self.count(_MOST_NAME_BYTES)).decode("utf-8", errors="replace")

    def string(self) -> str | None:
        """None for one that is too long to be kept."""
        size = int(self.number("Q"))
        if size > _MOST_KEPT_BYTES:
            self.skip(size)
            return None
        return self.take(size).decode("utf-8", errors="replace")

    def skip_array(self) -> None:
        kind, count = int(self.number("I")), int(self.number("Q"))
        if kind in _NUMBERS:
            self.skip(count * struct.calcsize(f"<{_NUMBERS[kind]}"))
        elif kind == _STRING and self._strings + count <= _MOST_STRINGS:
            self._strings += count
            for _ in range(count):
                self.skip(int(self.number("Q")))
        else:
            raise self.refuse("holds lists that are not read here")

    def note_offset(self) -> None:
        self._last_offset = max(self._last_offset, int(self.number("Q")))

    def check_offsets(self) -> None:
        """Tensors begin within what is left of the file."""
        if self._last_offset > self._left:
            raise self._cut_off()

    def refuse(self, what: str) -> ModelError:
        return ModelError(f"{self._path.name} {what}.", "Choose another file.")

    def _pass(self, size: int) -> None:
        if size > self._left:
            raise self._cut_off()
        self._left -= size

    def _cut_off(self) -> ModelError:
        return ModelError(f"{self._path.name} is cut off or damaged.", _AGAIN)


def _read_values(source: _Source, count: int) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for _ in range(count):
        key, kind = source.text(), int(source.number("I"))
        if kind in _NUMBERS:
            values[key] = source.number(_NUMBERS[kind])
        elif kind == _STRING:
            if (text := source.string()) is not None:
                values[key] = text
        elif kind == _ARRAY:
            source.skip_array()
        else:
            raise source.refuse("holds a kind of value that is not read here")
    return values


def _read_tensors(source: _Source, count: int) -> dict[str, tuple[int, ...]]:
    tensors: dict[str, tuple[int, ...]] = {}
    for _ in range(count):
        name, dimensions = source.text(), int(source.number("I"))
        if dimensions > _MOST_DIMENSIONS or name in tensors:
            raise source.refuse("lists tensors that cannot be")
        tensors[name] = tuple(int(source.number("Q")) for _ in range(dimensions))
        source.number("I")
        source.note_offset()
    return tensors
