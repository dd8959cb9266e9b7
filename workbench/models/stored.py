"""The tensors in a model's weight files, mapped into memory one by one, so that no second copy of it is ever there."""

import mmap
from dataclasses import dataclass
from pathlib import Path

import torch

from workbench.errors import ModelError
from workbench.models.safetensors_header import Tensor as Entry
from workbench.models.safetensors_header import read_header
from workbench.models.weights import find_shards

_DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
_INNER = "model."
"""What checkpoints of a model without its output layer leave out of all names."""

_OTHER = "Copy or download the model again, or choose another."


@dataclass(frozen=True)
class _Place:
    shard: Path
    first_byte: int
    """Where the tensors begin in the file."""

    entry: Entry


class StoredTensors:
    """By their full names. Raises ModelError for files that are missing, cut off or damaged."""

    def __init__(self, folder: Path) -> None:
        self._name = folder.name
        self._places: dict[str, _Place] = {}
        for shard in find_shards(folder):
            entries = read_header(shard)
            with shard.open("rb") as file:
                first_byte = 8 + int.from_bytes(file.read(8), "little")
            self._places |= {name: _Place(shard, first_byte, entry) for name, entry in entries.items()}

    def __contains__(self, name: str) -> bool:
        return self._stored_name(name) in self._places

    def check(self, expected: dict[str, tuple[int, ...]]) -> None:
        """Raise ModelError unless all of these are there, and of these sizes."""
        missing = sorted(name for name in expected if name not in self)
        if missing:
            raise ModelError(f"“{self._name}” lacks {len(missing)} weights of its model, such as {missing[0]}.", _OTHER)
        for name, shape in sorted(expected.items()):
            found = self._place(name).entry.shape
            if found != shape:
                told = f"{name} is {_size(found)}, not {_size(shape)}"
                raise ModelError(f"The weights in “{self._name}” do not fit its config: {told}.", _OTHER)

    def read_into(self, name: str, out: torch.Tensor) -> None:
        """Copy one of them, in the type of `out`. Raises ModelError where not all of its numbers are finite."""
        place = self._place(name)
        dtype = _DTYPES.get(place.entry.dtype)
        if dtype is None:
            raise ModelError(f"{place.shard.name} holds {name} in a form that cannot be computed in.", _OTHER)
        if not place.entry.elements:
            return
        with place.shard.open("rb") as file:
            first = place.first_byte + place.entry.begin
            start = first - first % mmap.ALLOCATIONGRANULARITY
            length = place.first_byte + place.entry.end - start
            # Private and never written to: torch asks for memory that could be.
            mapped = mmap.mmap(file.fileno(), length, access=mmap.ACCESS_COPY, offset=start)
        numbers = torch.frombuffer(mapped, dtype=dtype, offset=first - start).view(place.entry.shape)
        # The least and the greatest show damage, in one pass that takes no memory.
        if not all(bool(extreme.isfinite()) for extreme in numbers.aminmax()):
            raise ModelError(f"{place.shard.name} is damaged: not all numbers of {name} are finite.", _OTHER)
        out.copy_(numbers)

    def _place(self, name: str) -> _Place:
        return self._places[self._stored_name(name)]

    def _stored_name(self, name: str) -> str:
        return name if name in self._places else name.removeprefix(_INNER)


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
