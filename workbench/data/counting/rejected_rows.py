"""The rows that were left out, read from where they lie one at a time: there may be as many as a file has lines."""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np

RejectedRow = dict[str, Any]
"""part, line, reason and excerpt."""


class RejectedRows(Sequence[RejectedRow]):
    """Those of several files one after the other."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths

    def __len__(self) -> int:
        return len(self._where)

    @overload
    def __getitem__(self, place: int) -> RejectedRow: ...
    @overload
    def __getitem__(self, place: slice) -> list[RejectedRow]: ...
    def __getitem__(self, place: int | slice) -> RejectedRow | list[RejectedRow]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        file, start, _, _ = self._where[place]
        with self._paths[file].open("rb") as lines:
            lines.seek(start)
            return json.loads(lines.readline())  # type: ignore[no-any-return]

    @property
    def parts(self) -> "np.ndarray[Any, Any]":
        """The file of each row."""
        return self._where[:, 2]

    @property
    def lines(self) -> "np.ndarray[Any, Any]":
        """The line of each row in its file."""
        return self._where[:, 3]

    @cached_property
    def _where(self) -> "np.ndarray[Any, Any]":
        """Of each row its file here, its first byte there, its part and its line; shape [rows, 4]."""
        found = [where for number, path in enumerate(self._paths) for where in _scan(number, path)]
        return np.array(found, np.int64).reshape(-1, 4)


def _scan(number: int, path: Path) -> list[tuple[int, int, int, int]]:
    found = []
    start = 0
    with path.open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            found.append((number, start, row["part"], row["line"]))
            start += len(line)
    return found
