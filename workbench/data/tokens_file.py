"""Token ids on disk: an Arrow file with one row for each that an example gives, whole, before anything is cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa

_SCHEMA = pa.schema(
    {
        "example": pa.int64(),
        "ids": pa.large_list(pa.int32()),
        "spans": pa.list_(pa.int32()),
        "breaks": pa.list_(pa.int32()),
        "head": pa.int32(),
    }
)


@dataclass(frozen=True)
class TokenRow:
    """What one example, or one answer of it, becomes.

    All in tokens: `spans` are the learned stretches as [start, end, start, end, …], of which the last is the last
    answer. `breaks` are the places where a text may be split into rows, and its end; a conversation has none. `head` is
    what stands at the beginning of a row whatever is cut: the mark of the beginning, the system turn.
    """

    example: int
    ids: Sequence[int]
    spans: Sequence[int]
    breaks: Sequence[int] = ()
    head: int = 0


class TokensWriter:
    """Writes rows in the order in which they come; `add` takes as many as make one batch."""

    def __init__(self, path: Path) -> None:
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._file, _SCHEMA)

    def add(self, rows: Sequence[TokenRow]) -> None:
        columns = [
            pa.array([row.example for row in rows], pa.int64()),
            _lists([row.ids for row in rows], pa.LargeListArray, np.int64),
            _lists([row.spans for row in rows], pa.ListArray, np.int32),
            _lists([row.breaks for row in rows], pa.ListArray, np.int32),
            pa.array([row.head for row in rows], pa.int32()),
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=_SCHEMA))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # A disk that is full fails here, too, and gets its room back only from a file that is closed.
        with self._file:
            self._writer.close()


class TokensFile:
    """The rows of one file, read from where they lie."""

    def __init__(self, path: Path) -> None:
        self._reader = pa.ipc.open_file(pa.memory_map(str(path)))
        self._batches = [self._reader.get_batch(number) for number in range(self._reader.num_record_batches)]
        self._starts = np.cumsum([0, *(batch.num_rows for batch in self._batches)])
        self.examples = self._whole("example")
        """The example of each row; shape [rows]."""
        self.lengths = self._lengths("ids")
        """Tokens of each row; shape [rows]."""
        self.heads = self._whole("head")
        """Tokens of each row that stay whatever is cut; shape [rows]."""
        self.are_texts = self._lengths("breaks") > 0
        """Whether a row is a text, which may be split; shape [rows]."""

    def __len__(self) -> int:
        return int(self._starts[-1])

    def __getitem__(self, place: int) -> TokenRow:
        number = int(np.searchsorted(self._starts, place, side="right")) - 1
        row = place - int(self._starts[number])
        ids, spans, breaks = (_list_at(self._batches[number].column(name), row) for name in ("ids", "spans", "breaks"))
        return TokenRow(int(self.examples[place]), ids, spans, breaks, int(self.heads[place]))

    def spans(self) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
        """All spans one after the other, and how many numbers of them belong to each row."""
        parts = [_numbers(batch.column("spans").flatten()) for batch in self._batches]
        return (np.concatenate(parts) if parts else np.empty(0, np.int32)), self._lengths("spans")

    def _whole(self, name: str) -> "np.ndarray[Any, Any]":
        parts = [_numbers(batch.column(name)) for batch in self._batches]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def _lengths(self, name: str) -> "np.ndarray[Any, Any]":
        parts = [np.diff(_numbers(batch.column(name).offsets)) for batch in self._batches]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _lists(values: list[Sequence[int]], kind: Any, offset: Any) -> pa.Array:
    """Lists as one Arrow column, without a Python object for each number."""
    offsets = np.zeros(len(values) + 1, offset)
    np.cumsum([len(value) for value in values], out=offsets[1:])
    flat = np.fromiter(chain.from_iterable(values), np.int32, int(offsets[-1]))
    return kind.from_arrays(pa.array(offsets), pa.array(flat))


def _list_at(column: Any, row: int) -> list[int]:
    start, end = column.offsets[row].as_py(), column.offsets[row + 1].as_py()
    return list(_numbers(column.values.slice(start, end - start)).tolist())


def _numbers(column: pa.Array) -> "np.ndarray[Any, Any]":
    """Where they lie. Arrow's own way there loads pandas, which takes a while to come up."""
    return np.from_dlpack(column)
