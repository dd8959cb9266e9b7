"""Merging an adapter into the weights of its model."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import RunError

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

MERGEABLE = ("lora", "adalora", "vera", "loha", "lokr", "oft", "ia3")
"""Methods whose adapters stand beside layers, so that they can become part of their weights."""


def merge(model: "PreTrainedModel", folder: Path) -> None:
    """Let the weights of a model be what they are with the adapter in `folder`. Raises RunError if it does not fit."""
    _attach(model, folder).merge_and_unload()


def merged_weights(model: "PreTrainedModel", folder: Path) -> dict[str, "torch.Tensor"]:
    """What merging would make of the weights that it changes, by their names; the model itself stays as it is.

    Raises RunError if the adapter does not fit.
    """
    from peft.tuners.tuners_utils import BaseTunerLayer

    names = {parameter: name for name, parameter in model.named_parameters()}
    attached = _attach(model, folder)
    layers: list[Any] = [module for module in attached.modules() if isinstance(module, BaseTunerLayer)]
    own = {parameter: parameter.data for layer in layers for parameter in layer.get_base_layer().parameters()}
    changed: list[torch.nn.Parameter] = [parameter for parameter in own if parameter in names]
    for parameter in changed:
        parameter.data = parameter.data.clone()
    attached.merge_and_unload()
    merged = {names[parameter]: parameter.data for parameter in changed}
    for parameter in changed:
        parameter.data = own[parameter]
    return merged


def _attach(model: "PreTrainedModel", folder: Path) -> Any:
    from peft import PeftModel
    from safetensors import SafetensorError

    try:
        return PeftModel.from_pretrained(model, str(folder))
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise RunError("The adapter to build on does not fit this model.", "Start a new run.") from error
