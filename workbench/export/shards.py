"""Writing a model's tensors into safetensors files as they come: only one of them is in memory."""

import json
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

_NAMES = {torch.float32: "F32", torch.bfloat16: "BF16", torch.float16: "F16"}
_SINGLE, _INDEX = "model.safetensors", "model.safetensors.index.json"
_ALIGNED = 8

MOST_BYTES = 5_000_000_000
"""Of one file: what the hub suggests, and what every file system takes."""

Shapes = Mapping[str, tuple[int, ...]]


def write_shards(folder: Path, tensors: Iterable[tuple[str, Tensor]], shapes: Shapes, dtype: torch.dtype) -> list[Path]:
    """The files that hold the tensors as `dtype`, in the order of `shapes`, which must be that in which they come."""
    plan = split(shapes, dtype.itemsize)
    paths = [folder / name for name in _file_names(len(plan))]
    coming = iter(tensors)
    for path, names in zip(paths, plan, strict=True):
        _write(path, ((name, next(coming)[1]) for name in names), {name: shapes[name] for name in names}, dtype)
    if len(paths) > 1:
        _write_index(folder / _INDEX, dict(zip((path.name for path in paths), plan, strict=True)), shapes, dtype)
    return paths


def split(shapes: Shapes, number_bytes: int, most_bytes: int = MOST_BYTES) -> list[list[str]]:
    """Which tensors stand in which file: as many as fit, at least one."""
    files: list[list[str]] = [[]]
    room = most_bytes
    for name, shape in shapes.items():
        size = number_bytes * torch.Size(shape).numel()
        if files[-1] and size > room:
            files.append([])
            room = most_bytes
        files[-1].append(name)
        room -= size
    return files


def _file_names(count: int) -> list[str]:
    if count == 1:
        return [_SINGLE]
    return [f"model-{number:05}-of-{count:05}.safetensors" for number in range(1, count + 1)]


def _write(path: Path, tensors: Iterable[tuple[str, Tensor]], shapes: Shapes, dtype: torch.dtype) -> None:
    header = _header(shapes, dtype)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        for _, tensor in tensors:
            file.write(tensor.to(dtype).contiguous().view(torch.uint8).numpy().data)


def _header(shapes: Shapes, dtype: torch.dtype) -> bytes:
    """As the format asks: JSON, filled with spaces until what follows is aligned."""
    entries: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in shapes.items():
        begin, end = end, end + dtype.itemsize * torch.Size(shape).numel()
        entries[name] = {"dtype": _NAMES[dtype], "shape": list(shape), "data_offsets": [begin, end]}
    text = json.dumps(entries, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % _ALIGNED)


def _write_index(path: Path, files: Mapping[str, list[str]], shapes: Shapes, dtype: torch.dtype) -> None:
    total = dtype.itemsize * sum(torch.Size(shape).numel() for shape in shapes.values())
    places = {name: file for file, names in files.items() for name in names}
    path.write_text(json.dumps({"metadata": {"total_size": total}, "weight_map": places}, indent=1), encoding="utf-8")
