"""The words of all examples at once: how long they are, and where they occur, without decoding one of them."""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_COLUMNS = ("messages", "text")


class Words:
    """The columns of an examples file that hold its words, read from where they lie."""

    def __init__(self, path: Path) -> None:
        reader = pa.ipc.open_file(pa.memory_map(str(path)))
        batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
        self._columns: list[tuple[Any, ...]] = [tuple(batch.column(name) for name in _COLUMNS) for batch in batches]

    @cached_property
    def is_plain(self) -> "np.ndarray[Any, Any]":
        """Whether an example is text, and no conversation; shape [examples]."""
        return _joined([_bytes(messages) == 0 for messages, _ in self._columns], bool)

    @cached_property
    def bytes(self) -> "np.ndarray[Any, Any]":
        """How many bytes each example takes, the names of its roles among them; shape [examples]."""
        return _joined([_bytes(messages) + _bytes(text) for messages, text in self._columns], np.int64)

    def find(self, words: str) -> "np.ndarray[Any, Any]":
        """The places of the examples that hold these words, in capitals or not."""
        # Conversations are kept as JSON, so that a line break or a quotation mark in them is written in two characters.
        wanted = (json.dumps(words, ensure_ascii=False)[1:-1], words)
        hits = [_matches(column[0], wanted[0]) | _matches(column[1], wanted[1]) for column in self._columns]
        return np.flatnonzero(_joined(hits, bool))


def _bytes(column: Any) -> "np.ndarray[Any, Any]":
    return pc.binary_length(column).to_numpy(zero_copy_only=False)


def _matches(column: Any, words: str) -> "np.ndarray[Any, Any]":
    return pc.match_substring(column, words, ignore_case=True).to_numpy(zero_copy_only=False)


def _joined(parts: "list[np.ndarray[Any, Any]]", kind: Any) -> "np.ndarray[Any, Any]":
    return np.concatenate(parts) if parts else np.empty(0, kind)
