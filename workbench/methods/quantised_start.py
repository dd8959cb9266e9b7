"""LoftQ (Li et al. 2023, arXiv:2310.08659): an adapter that begins as what its frozen weights lost to quantisation.

One round of the paper's, as the weights have been quantised already. PEFT's own needs a GPU, and leaves the adapter's
strength out of account.
"""

from typing import Any

import torch
from peft.tuners.lora import LoraLayer
from peft.utils.integrations import dequantize_module_weight
from safetensors import safe_open

from workbench.errors import ModelError
from workbench.methods.displaced import principal
from workbench.models.facts import ModelFacts
from workbench.models.weights import find_shards


@torch.no_grad()
def make_up_for_loss(model: Any, facts: ModelFacts) -> None:
    """Let each adapter begin as the nearest to what its layer lacks of the weights in the model's folder."""
    layers = {name: layer for name, layer in model.get_base_model().named_modules() if isinstance(layer, LoraLayer)}
    for shard in find_shards(facts.path):
        with safe_open(shard, "pt") as file:
            for stored in filter(lambda key: key.endswith(".weight"), file.keys()):
                if name := _layer_of(stored, layers):
                    whole = file.get_tensor(stored)
                    # Compressed weights lie (out, in), whatever they were read from.
                    _begin_with_loss(layers.pop(name), whole.T if facts.conv1d else whole)
    if layers:
        sentence = f"LoftQ does not find the whole weights of {min(layers)}."
        raise ModelError(sentence, "Choose another way for the adapter to begin.")


def _layer_of(stored: str, layers: dict[str, Any]) -> str | None:
    """Old checkpoints leave out the first part of every name."""
    module = stored.removesuffix(".weight")
    return next((name for name in layers if name == module or name.endswith(f".{module}")), None)


def _begin_with_loss(layer: Any, whole: torch.Tensor) -> None:
    held = dequantize_module_weight(layer.get_base_layer()).float()
    b, a = principal(whole.to(held.device).float() - held, layer.r["default"], layer.scaling["default"])
    layer.lora_A["default"].weight.copy_(a)
    layer.lora_B["default"].weight.copy_(b)
