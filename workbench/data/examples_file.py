"""Examples on disk: an Arrow file that is written once, and read from where it lies by whoever needs a row of it."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, overload

import numpy as np
import pyarrow as pa

from workbench.data.examples import Example, Message

_ROWS_IN_BATCH = 2000

_SCHEMA = pa.schema(
    {
        "part": pa.int16(),
        "line": pa.int64(),
        "messages": pa.large_string(),
        "text": pa.large_string(),
        "ends_document": pa.bool_(),
        "content": pa.uint64(),
        "question": pa.uint64(),
        "flags": pa.uint32(),
    }
)

_EXAMPLE_COLUMNS = ["line", "messages", "text", "ends_document", "part"]


class ExamplesWriter:
    """Writes examples in the order in which they come, a batch at a time."""

    def __init__(self, path: Path) -> None:
        self._file = pa.OSFile(str(path), "wb")
        self._writer = pa.ipc.new_file(self._file, _SCHEMA)
        self._rows: list[dict[str, Any]] = []

    def add(self, example: Example, part: int = 0, flags: int = 0) -> None:
        """Keep an example; `part` is the place of its file among those of the set, `flags` are of `meaning.flags`."""
        messages = [[message.role, message.content] for message in example.messages]
        self._rows.append(
            {
                "part": part,
                "line": example.line,
                "messages": json.dumps(messages, ensure_ascii=False) if messages else "",
                "text": example.text,
                "ends_document": example.ends_document,
                "content": content_hash(example),
                "question": _question_hash(example),
                "flags": flags,
            }
        )
        if len(self._rows) == _ROWS_IN_BATCH:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # A disk that is full fails here, too, and gets its room back only from a file that is closed.
        with self._file:
            self._flush()
            self._writer.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_batch(pa.RecordBatch.from_pylist(self._rows, schema=_SCHEMA))
            self._rows = []


class ExamplesFile(Sequence[Example]):
    """The examples of one file; a row is decoded when it is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader = pa.ipc.open_file(pa.memory_map(str(path)))
        self._batches = [self._reader.get_batch(number) for number in range(self._reader.num_record_batches)]
        self._rows = sum(batch.num_rows for batch in self._batches)

    def __len__(self) -> int:
        return self._rows

    @overload
    def __getitem__(self, place: int) -> Example: ...
    @overload
    def __getitem__(self, place: slice) -> list[Example]: ...
    def __getitem__(self, place: int | slice) -> Example | list[Example]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(self._rows))]
        if not -self._rows <= place < self._rows:
            raise IndexError(place)
        number, row = divmod(place % self._rows, _ROWS_IN_BATCH)
        columns = self._batches[number].slice(row, 1).select(_EXAMPLE_COLUMNS)
        return _example(*(column[0].as_py() for column in columns))

    def __iter__(self) -> Iterator[Example]:
        # Read, not mapped: of a large file, whoever reads all of it would end up with all of it in memory.
        with pa.OSFile(str(self._path)) as file:
            reader = pa.ipc.open_file(file)
            for number in range(reader.num_record_batches):
                columns = reader.get_batch(number).select(_EXAMPLE_COLUMNS)
                yield from map(_example, *(column.to_pylist() for column in columns))

    def column(self, name: str) -> "np.ndarray[Any, Any]":
        """part, line, content, question or flags of all examples; shape [examples]."""
        columns = [batch.column(name).to_numpy() for batch in self._batches]
        return np.concatenate(columns) if columns else np.empty(0, _SCHEMA.field(name).type.to_pandas_dtype())


def content_hash(example: Example) -> int:
    """64 bits of what an example says, whichever file and line it stands on."""
    turns = [(message.role, message.content) for message in example.messages]
    return _hash(json.dumps([turns, example.text]))


def _question_hash(example: Example) -> int:
    """64 bits of what an answer answers: every turn before the last answer."""
    answers = [place for place, message in enumerate(example.messages) if message.role == "assistant"]
    before = example.messages[: answers[-1]] if answers else ()
    return _hash(json.dumps([(message.role, message.content) for message in before]) if before else example.text)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def _example(*row: Any) -> Example:
    line, messages, text, ends_document, part = row
    turns = tuple(Message(role, content) for role, content in json.loads(messages)) if messages else ()
    return Example(line, turns, text, ends_document, part)
