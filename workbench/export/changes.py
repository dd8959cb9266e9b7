"""What a run changed in the weights of its model, ready to be put into one layer after the other."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor, nn

from workbench.errors import RunError
from workbench.methods.changed_weights import WEIGHTS, is_changed_weights
from workbench.models.load import load_outline

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_TRAIN_AGAIN = "Take its adapter instead, or train anew."


Own = dict[str, Tensor]
"""A module's own parameters by their short names, such as "weight"."""


class Change(Protocol):
    modules: frozenset[str]
    """Full names of those whose parameters it changes."""

    def apply(self, module: str, own: Own) -> Own:
        """What the parameters of one of them become, in fp32."""


def read_change(model: Path, folder: Path) -> Change:
    """Of what a run saved in `folder`, on top of the model in its own. Raises RunError if the two do not fit."""
    return ReplacedWeights(folder) if is_changed_weights(folder) else MergedAdapter(model, folder)


class ReplacedWeights:
    """Tensors that were trained themselves, and stand in place of the model's."""

    def __init__(self, folder: Path) -> None:
        from safetensors import safe_open

        self._file = safe_open(folder / WEIGHTS, "pt")
        self._names = frozenset(self._file.keys())
        self.modules = frozenset(name.rpartition(".")[0] for name in self._names)

    def apply(self, module: str, own: Own) -> Own:
        trained = [name for name in own if f"{module}.{name}" in self._names]
        return own | {name: self._file.get_tensor(f"{module}.{name}").float() for name in trained}


class MergedAdapter:
    """An adapter that PEFT merges, layer by layer, into a model that is not in memory.

    PEFT builds its layers on an outline whose weights are all one zero, seen in the right size; each is given its real
    weights for the moment in which it merges.
    """

    def __init__(self, model: Path, folder: Path) -> None:
        self._layers = adapted_layers(model, folder)
        self.modules = frozenset(self._layers)

    def apply(self, module: str, own: Own) -> Own:
        layer = self._layers[module]
        base = layer.get_base_layer()
        for name, tensor in own.items():
            setattr(base, name, nn.Parameter(tensor, requires_grad=False))
        layer.merge()
        merged = {name: getattr(base, name).data for name in own}
        # What was written is compared with what comes when all are asked for again.
        layer.merged_adapters.clear()
        _hollow(base)
        return merged


def adapted_layers(model: Path, folder: Path) -> dict[str, Any]:
    """PEFT's layers of the adapter in a folder, by the names of those of the model, whose weights take no memory."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    network: PreTrainedModel = _attached(model, folder).get_base_model()
    return {name: module for name, module in network.named_modules() if isinstance(module, BaseTunerLayer)}


def _attached(model: Path, folder: Path) -> Any:
    from peft import PeftModel
    from safetensors import SafetensorError

    outline = load_outline(model)
    for module in outline.modules():
        _hollow(module)
    try:
        return PeftModel.from_pretrained(outline, str(folder))
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise RunError("The adapter does not fit the model that it is to be merged into.", _TRAIN_AGAIN) from error


def _hollow(module: nn.Module) -> None:
    """Let the module's own parameters have their sizes, and take no memory."""
    for name, parameter in list(module.named_parameters(recurse=False)):
        hollow = torch.zeros((), dtype=torch.float32).expand(parameter.shape)
        setattr(module, name, nn.Parameter(hollow, requires_grad=False))
