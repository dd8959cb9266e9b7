"""The header of a safetensors file: names, shapes and places of its tensors, read without reading the weights.

Stricter than the library: the header is data of unknown origin, and reading it may cost neither time nor memory.
"""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import ModelError

MAX_DIMENSIONS = 8
MAX_METADATA_BYTES = 65_536

BITS = {
    **{"BOOL": 8, "U8": 8, "I8": 8, "U16": 16, "I16": 16, "U32": 32, "I32": 32, "U64": 64, "I64": 64},
    **{"F4": 4, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F16": 16, "BF16": 16, "F32": 32, "F64": 64, "C64": 64},
}

_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,256}")
_AGAIN = "Copy or download the model again."


@dataclass(frozen=True)
class Limits:
    """How large a header may be."""

    header_bytes: int
    tensors: int


OF_MODELS = Limits(header_bytes=100_000_000, tensors=100_000)


@dataclass(frozen=True)
class Tensor:
    """One entry of the header; its bytes lie from `begin` to `end`, counted from the header's end."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def elements(self) -> int:
        return math.prod(self.shape)


def read_header(path: Path, limits: Limits = OF_MODELS) -> dict[str, Tensor]:
    """The tensors of a safetensors file by name, in the order they lie in.

    Raises ModelError if the file is cut off, or is anything but a plain safetensors file.
    """
    file_bytes = path.stat().st_size
    text = _read_text(path, file_bytes, limits.header_bytes)
    entries = _parse(path, text, limits.tensors)
    _check_metadata(path, entries.pop("__metadata__", {}))
    if len(entries) > limits.tensors:
        raise _refused(path, f"lists {len(entries):,} tensors")
    tensors = {name: _tensor(path, name, entry) for name, entry in entries.items()}
    ordered = dict(sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end)))
    _check_extent(path, ordered.values(), file_bytes - 8 - len(text))
    return ordered


def _read_text(path: Path, file_bytes: int, most_bytes: int) -> bytes:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if file_bytes < 8 or (length <= most_bytes and 8 + length > file_bytes):
            raise ModelError(f"The weights in {path.name} are cut off.", _AGAIN)
        if length > most_bytes:
            raise _refused(path, f"claims a header of {length:,} bytes")
        return file.read(length)


def _parse(path: Path, text: bytes, most_tensors: int) -> dict[str, Any]:
    # Counted before parsing, because a million small entries would take a gigabyte as objects.
    if text.count(b'"dtype"') > most_tensors:
        raise _refused(path, f"lists more than {most_tensors:,} tensors")
    try:
        entries = json.loads(text, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise _refused(path, "has a header that is not valid") from error
    if not isinstance(entries, dict):
        raise _refused(path, "has a header that is not valid")
    return entries


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        raise ValueError("a name occurs twice")
    return unique


def _check_metadata(path: Path, metadata: Any) -> None:
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise _refused(path, "has metadata that is not text")
    if sum(len(key) + len(value) for key, value in metadata.items()) > MAX_METADATA_BYTES:
        raise _refused(path, "has too much metadata")


def _tensor(path: Path, name: str, entry: Any) -> Tensor:
    if not _NAME.fullmatch(name):
        raise _refused(path, f"holds a tensor with the unusual name {name[:60]!r}")
    try:
        dtype, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    except (KeyError, TypeError, ValueError) as error:
        raise _refused(path, f"does not describe its tensor {name}") from error
    if dtype not in BITS or not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS:
        raise _refused(path, f"holds the tensor {name} in an unknown form")
    if not all(type(number) is int and number >= 0 for number in (*shape, begin, end)):
        raise _refused(path, f"gives the tensor {name} an impossible size")
    tensor = Tensor(dtype, tuple(shape), begin, end)
    if (end - begin) * 8 != tensor.elements * BITS[dtype]:
        raise _refused(path, f"gives the tensor {name} an impossible size")
    return tensor


def _check_extent(path: Path, ordered: Iterable[Tensor], data_bytes: int) -> None:
    extent = 0
    for tensor in ordered:
        if tensor.begin != extent:
            raise _refused(path, "has gaps or overlaps between its tensors")
        extent = tensor.end
    if extent > data_bytes:
        raise ModelError(
            f"The weights in {path.name} are cut off: {data_bytes:,} of {extent:,} bytes are there.",
            _AGAIN,
        )
    if extent < data_bytes:
        raise _refused(path, "goes on after its last tensor")


def _refused(path: Path, what: str) -> ModelError:
    return ModelError(f"{path.name} is not a sound safetensors file: it {what}.", _AGAIN)
