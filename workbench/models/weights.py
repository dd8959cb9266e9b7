"""The weights of a model folder as their headers describe them: shards, parameters, linear layers."""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.errors import ModelError
from workbench.models.layout import is_adapted, is_in_a_block, names_by_role, role_of
from workbench.models.safetensors_header import BITS, Tensor, read_header
from workbench.models.screen import read_object

MAX_INDEX_BYTES = 50_000_000

_AGAIN = "Copy or download the model again."
_INDEX = "model.safetensors.index.json"
_SINGLE = "model.safetensors"

_TRANSPOSED_KINDS = frozenset({"gpt2", "gpt-sw3", "openai-gpt"})
"""Kinds built of Conv1D, whose weights lie (in, out)."""

_SHORT_NAMES = {"h": "transformer", "layers": "model", "decoder": "model"}
"""Old checkpoints leave out the first part of every name; by the second part, the one left out."""

_HEAD = "lm_head"

_DTYPES = {"F32": "fp32", "BF16": "bf16", "F16": "fp16"}


def find_shards(folder: Path) -> list[Path]:
    """The safetensors files of a model, in the order of their names.

    Raises ModelError if there are none, or one that the index names is missing.
    """
    if (folder / _SINGLE).is_file():
        return [folder / _SINGLE]
    if not (folder / _INDEX).is_file():
        raise _no_weights(folder)
    places = read_object(folder / _INDEX, MAX_INDEX_BYTES).get("weight_map")
    names = sorted(set(map(str, places.values()))) if isinstance(places, dict) else []
    if not names or any("/" in name or not name.endswith(".safetensors") for name in names):
        raise ModelError(f"{_INDEX} does not say where the weights are.", _AGAIN)
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{len(missing)} of {len(names)} weight files are missing, such as {missing[0]}.", _AGAIN)
    return [folder / name for name in names]


def read_tensors(folder: Path) -> dict[str, Tensor]:
    """Every stored tensor by its full module name.

    Raises ModelError if a file is missing, cut off or damaged.
    """
    stored = {name: tensor for shard in find_shards(folder) for name, tensor in read_header(shard).items()}
    if not stored:
        raise ModelError("There are no weights in this folder's files.", _AGAIN)
    return {_full_name(name): tensor for name, tensor in stored.items()}


def measure(tensors: dict[str, Tensor], config: dict[str, Any]) -> dict[str, Any]:
    """What of a model's facts its weights tell, as far as their names say what they are there for."""
    kind, tied = config["model_type"], config.get("tie_word_embeddings") is True
    shapes = _parameter_shapes(tensors, tied=tied)
    roles = _roles(tensors, tied=tied)
    linear = _matrix_shapes(tensors, kind)
    return {
        "parameters": sum(map(math.prod, shapes.values())),
        "shapes": shapes,
        "linear_shapes": {name: shape for name, shape in linear.items() if is_adapted(name, roles[name])},
        "names_by_role": names_by_role(roles),
        "tied": tied,
        "conv1d": kind in _TRANSPOSED_KINDS,
        "dtype": _stored_dtype(tensors),
    }


def check_fits(stored: dict[str, tuple[int, int]], described: dict[str, tuple[int, int]]) -> None:
    """Raise ModelError unless the linear layers in the files are those that the config describes.

    Where a model's layers are named otherwise than they are stored, only those of the same name are compared.
    """
    for name, shape in stored.items():
        if described.get(name, shape) != shape:
            raise misfit(f"{name} is {_size(shape)}, not {_size(described[name])}")
    missing = [name for name in described if name not in stored]
    if missing and stored.keys() <= described.keys():
        raise misfit(f"{len(missing)} layers of it are missing, such as {missing[0]}")


def misfit(how: str) -> ModelError:
    return ModelError(f"The weights do not fit config.json: {how}.", "Copy or download the model again.")


def _size(shape: tuple[int, int]) -> str:
    return f"{shape[0]} × {shape[1]}"


def _parameter_shapes(tensors: dict[str, Tensor], *, tied: bool) -> dict[str, tuple[int, ...]]:
    """The shape of each parameter by its name, without buffers; an output layer tied to the embedding is left out."""
    counted = {name: tensor.shape for name, tensor in tensors.items() if not _is_buffer(name, tensor)}
    heads = [name for name in counted if name.endswith("lm_head.weight")] if tied else []
    return {name: shape for name, shape in counted.items() if name not in heads}


def _matrix_shapes(tensors: dict[str, Tensor], kind: str) -> dict[str, tuple[int, int]]:
    """(out, in) of each weight matrix in the blocks, by module name."""
    shapes = {}
    for module, tensor in _matrices(tensors):
        rows, columns = tensor.shape
        shapes[module] = (columns, rows) if kind in _TRANSPOSED_KINDS else (rows, columns)
    return shapes


def _roles(tensors: dict[str, Tensor], *, tied: bool) -> dict[str, str]:
    """What each of these is there for, and the output layer."""
    has_head = tied or any(name == f"{_HEAD}.weight" for name in tensors)
    return {module: role_of(module) for module, _ in _matrices(tensors)} | ({_HEAD: "head"} if has_head else {})


def _stored_dtype(tensors: dict[str, Tensor]) -> str:
    """The number format that most of the bytes are in, such as "bf16"."""
    bits = Counter[str]()
    for tensor in tensors.values():
        bits[tensor.dtype] += tensor.elements * BITS[tensor.dtype]
    name = bits.most_common(1)[0][0]
    return _DTYPES.get(name, name.lower())


def _matrices(tensors: dict[str, Tensor]) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in tensors.items():
        module = name.removesuffix(".weight")
        if module != name and len(tensor.shape) == 2 and is_in_a_block(module):
            yield module, tensor


def _is_buffer(name: str, tensor: Tensor) -> bool:
    mask = name.endswith(".bias") and len(tensor.shape) == 4
    return mask or name.endswith((".inv_freq", ".masked_bias"))


def _full_name(name: str) -> str:
    first = name.partition(".")[0]
    return f"{_SHORT_NAMES[first]}.{name}" if first in _SHORT_NAMES else name


def _no_weights(folder: Path) -> ModelError:
    pickles = sorted(path.name for path in folder.iterdir() if path.suffix in (".bin", ".pt", ".pth"))
    if pickles:
        return ModelError(
            f"The weights are in {pickles[0]}, a kind of file that can run programs.",
            "Look for a copy of this model with safetensors files.",
        )
    return ModelError("There are no weights here: no model.safetensors.", _AGAIN)
