"""The tensors of an adapter from elsewhere beside those it must have: the same names, the same sizes, all numbers."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from workbench.errors import AdapterError, ModelError
from workbench.models.facts import ModelFacts
from workbench.models.safetensors_header import Limits, Tensor, read_header
from workbench.training.importing.description import Description
from workbench.training.importing.forms import PREFIX, Shape
from workbench.training.importing.layers import foreign_layer, layer_of

_MAX_TENSORS = 20_000
_MAX_ENTRY_BYTES = 400
_MAX_OTHER_BYTES = 100_000
_CHUNK_BYTES = 1 << 22
_EXPONENTS = {"F16": ("<u2", 0x7C00), "BF16": ("<u2", 0x7F80), "F32": ("<u4", 0x7F800000)}
"""How the numbers of each format lie, and the bits that are all set where it is no number."""

_AGAIN = "Get the adapter's files again."


def read_stored(path: Path, layers: int) -> dict[str, Tensor]:
    """The header of an adapter that stands beside at most so many layers: no more is ever taken into memory.

    Raises AdapterError for a file that is not sound.
    """
    tensors = min(_MAX_TENSORS, 4 * layers + 100)
    try:
        return read_header(path, Limits(_MAX_ENTRY_BYTES * tensors + _MAX_OTHER_BYTES, tensors))
    except ModelError as error:
        raise AdapterError(error.message, _AGAIN) from error


def check_tensors(
    stored: Mapping[str, Tensor], expected: Mapping[str, Shape], said: Description, model: ModelFacts
) -> None:
    """Raises AdapterError unless the names are just those expected, each of its size and a format of numbers."""
    if not stored:
        raise AdapterError("This adapter is empty: its file holds no tensors.", _AGAIN)
    for key in stored:
        if key not in expected:
            raise _foreign(key, expected, said, model)
    for key, shape in expected.items():
        if key in stored and stored[key].shape != shape:
            raise _misshapen(key, stored[key].shape, shape, said, model)
    if missing := next((key for key in expected if key not in stored), ""):
        found = f"{len(stored)} of {len(expected)} tensors, not {_plain(missing)}"
        hint = f"{_AGAIN} If they are whole, it is for another model than {model.name}."
        raise AdapterError(f"Parts of this adapter are missing: it has {found}.", hint)
    if odd := next((key for key, tensor in stored.items() if tensor.dtype not in _EXPONENTS), ""):
        told = f"{_plain(odd)} is held as {stored[odd].dtype}."
        raise AdapterError(told, f"An adapter's numbers are {', '.join(_EXPONENTS)}.")


def check_finite(path: Path, stored: Mapping[str, Tensor]) -> None:
    """Raises AdapterError for the first tensor with a value that is no number; a piece is in memory at a time."""
    start = path.stat().st_size - max(tensor.end for tensor in stored.values())
    with path.open("rb") as file:
        for key, tensor in stored.items():
            kind, exponent = _EXPONENTS[tensor.dtype]
            file.seek(start + tensor.begin)
            left = tensor.end - tensor.begin
            while left:
                piece = np.frombuffer(file.read(min(left, _CHUNK_BYTES)), kind)
                left -= piece.nbytes
                if bool(((piece & exponent) == exponent).any()):
                    raise AdapterError(f"{_plain(key)} holds values that are no numbers (NaN or infinite).", _AGAIN)


def _foreign(key: str, expected: Mapping[str, Shape], said: Description, model: ModelFacts) -> AdapterError:
    """Why a tensor is there that should not be."""
    layer = layer_of(key, said.form)
    if layer and layer not in model.linear_shapes:
        return foreign_layer(key, layer, model)
    if layer or key.rpartition(".")[2] not in ("weight", "bias"):
        told = f"A tensor is called {key}; those of this adapter would be called as {next(iter(expected), 'none')} is."
        return AdapterError(told, "Its names were changed, or its config is that of another adapter.")
    told = f"It holds {key}, which is no part of an adapter: it would overwrite weights of the model."
    return AdapterError(told, "Look for a copy without it.")


def _misshapen(key: str, found: Shape, wanted: Shape, said: Description, model: ModelFacts) -> AdapterError:
    rank = getattr(said.settings, "rank", 0)
    if rank and len(found) == len(wanted):
        differing = [(here, there) for here, there in zip(found, wanted, strict=True) if here != there]
        if [there for _, there in differing] == [rank]:
            told = f"{_plain(key)} has the rank {differing[0][0]}, and adapter_config.json says {rank}."
            return AdapterError(told, "Its config is that of another adapter. Get both files again.")
    sizes = f"{_plain(key)} is {_size(found)}; on {model.name} it would be {_size(wanted)}"
    return AdapterError(f"This adapter is for another model: {sizes}.", "Choose the model that it was made for.")


def _plain(key: str) -> str:
    """Without what stands before the names of all."""
    return key.removeprefix(PREFIX)


def _size(shape: Shape) -> str:
    return " × ".join(map(str, shape))
