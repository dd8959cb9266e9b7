"""The layout of a model, read off its modules."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from torch import nn
from transformers.pytorch_utils import Conv1D

from workbench.models.facts import sizes
from workbench.models.layout import Layout, role_of

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_SIZES = ("context", "hidden_size", "layers", "vocabulary", "heads", "head_size")


def read_layout(model: "PreTrainedModel") -> Layout:
    """How `model` is built, which may be one on the meta device."""
    head: Any = model.get_output_embeddings()
    shapes, roles, conv1d = {}, {}, False
    for name, module in model.named_modules():
        conv1d = conv1d or isinstance(module, Conv1D)
        for weight, shape in _weights(module):
            full = f"{name}.{weight}" if weight else name
            shapes[full] = shape
            roles[full] = "head" if module is head else _role(full, module)
    embedding: Any = model.get_input_embeddings()
    known = sizes(model.config.to_dict())
    return Layout(
        shapes=shapes,
        roles=roles,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        conv1d=conv1d,
        tied=head is not None and head.weight is embedding.weight,
        **{name: known[name] for name in _SIZES},
    )


def _weights(module: Any) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What of a module counts as a linear layer: "" for all of it, or the name of the tensor that holds several."""
    if isinstance(module, nn.Linear):
        yield "", (module.out_features, module.in_features)
    elif isinstance(module, Conv1D):
        yield "", (module.nf, module.nx)
    elif type(module).__name__.endswith("Router") and isinstance(getattr(module, "weight", None), nn.Parameter):
        yield "", tuple(module.weight.shape)
    elif type(module).__name__.endswith("Experts"):
        is_transposed = bool(getattr(module, "is_transposed", False))
        for name, tensor in module.named_parameters(recurse=False):
            if tensor.ndim == 3:
                count, rows, columns = tensor.shape
                yield name, (count, columns, rows) if is_transposed else (count, rows, columns)


def _role(name: str, module: nn.Module) -> str:
    return "router" if type(module).__name__.endswith("Router") else role_of(name)
