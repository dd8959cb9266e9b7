"""The weights of a model folder as their headers describe them: shards, parameters, linear layers."""

from collections import Counter
from pathlib import Path
from typing import Any

from workbench.errors import ModelError
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

_NOT_LINEAR = frozenset({"gate", "router", "experts", "shared_expert_gate"})
"""Parts of names that belong to routers, and to experts, which are fused when the model is loaded."""

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


def parameter_shapes(tensors: dict[str, Tensor], *, tied: bool) -> dict[str, tuple[int, ...]]:
    """The shape of each parameter by its name, without buffers; an output layer tied to the embedding is left out."""
    counted = {name: tensor.shape for name, tensor in tensors.items() if not _is_buffer(name, tensor)}
    heads = [name for name in counted if name.endswith("lm_head.weight")] if tied else []
    return {name: shape for name, shape in counted.items() if name not in heads}


def linear_shapes(tensors: dict[str, Tensor], kind: str) -> dict[str, tuple[int, int]]:
    """(out, in) of each linear layer by module name; embeddings, output layer, routers and experts are left out."""
    shapes = {}
    for name, tensor in tensors.items():
        module = name.removesuffix(".weight")
        if module != name and len(tensor.shape) == 2 and _is_in_a_layer(module):
            rows, columns = tensor.shape
            shapes[module] = (columns, rows) if is_conv1d(kind) else (rows, columns)
    return shapes


def is_conv1d(kind: str) -> bool:
    """Whether models of this kind are built of Conv1D."""
    return kind in _TRANSPOSED_KINDS


def stored_dtype(tensors: dict[str, Tensor]) -> str:
    """The number format that most of the bytes are in, such as "bf16"."""
    bits = Counter[str]()
    for tensor in tensors.values():
        bits[tensor.dtype] += tensor.elements * BITS[tensor.dtype]
    name = bits.most_common(1)[0][0]
    return _DTYPES.get(name, name.lower())


def is_tied(config: dict[str, Any]) -> bool:
    return config.get("tie_word_embeddings") is True


def _is_in_a_layer(module: str) -> bool:
    # Embeddings and the output layer stand outside the numbered layers, whatever an architecture calls them.
    parts = module.split(".")
    return any(part.isdigit() for part in parts) and _NOT_LINEAR.isdisjoint(parts)


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
