"""Changed weights of a model that come from elsewhere, beside the model that they belong to."""

from pathlib import Path

from workbench.errors import AdapterError, ModelError
from workbench.methods.changed_weights import WEIGHTS
from workbench.models.facts import ModelFacts
from workbench.models.safetensors_header import Tensor, read_header
from workbench.training.importing.tensors import check_finite

_AGAIN = "Get the file again, or choose the model that it was made for."
_FORMATS = ("F32", "BF16", "F16")


def check_changed(folder: Path, model: ModelFacts) -> dict[str, Tensor]:
    """What the file holds. Raises AdapterError unless it is tensors of the model, of their sizes, and all numbers."""
    path = folder / WEIGHTS
    try:
        stored = read_header(path)
    except (ModelError, OSError) as error:
        raise AdapterError(f"{WEIGHTS} cannot be read.", _AGAIN) from error
    for name, tensor in stored.items():
        if model.shapes.get(name) != tuple(tensor.shape) or tensor.dtype not in _FORMATS:
            told = f"It changes {name[:80]}, which {model.name} does not have in this size."
            raise AdapterError(told, _AGAIN)
    if not stored:
        raise AdapterError(f"{WEIGHTS} holds no tensors.", _AGAIN)
    check_finite(path, stored)
    return stored
