"""Adapters of the fast path, kept as stock PEFT keeps LoRA, without PEFT, which takes seconds to come up."""

import json
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from workbench.config.methods import LoraSettings
from workbench.engine.adapters import Adapters
from workbench.methods import targets
from workbench.methods.base import Base, Tensors
from workbench.methods.beside import chosen_layers
from workbench.methods.lora import peft_fields
from workbench.methods.peft_folder import WEIGHTS, PeftFolder
from workbench.models.facts import ModelFacts

_UNUSED = (
    *("alora_invocation_tokens", "arrow_config", "auto_mapping", "corda_config", "eva_config", "exclude_modules"),
    *("kasa_config", "layer_replication", "layers_pattern", "layers_to_transform", "lora_ga_config", "megatron_config"),
    *("monteclora_config", "revision", "target_parameters", "trainable_token_indices", "use_bdlora", "velora_config"),
)

_USUAL: dict[str, Any] = dict.fromkeys(_UNUSED) | {
    "bias": "none",
    "ensure_weight_tying": False,
    "fan_in_fan_out": False,
    "inference_mode": True,
    "init_lora_weights": True,
    "loftq_config": {},
    "lora_bias": False,
    "megatron_core": "megatron.core",
    "peft_type": "LORA",
    "qalora_group_size": 16,
    "use_qalora": False,
}
"""What PEFT's LoraConfig says where it is told nothing."""


class LoraFolder(PeftFolder):
    """See `methods.base.SavedAs`; the model is the fast path's adapters."""

    def __init__(self, settings: LoraSettings, facts: ModelFacts) -> None:
        chosen = [layer.name for layer in chosen_layers(settings, facts)]
        self._fields = peft_fields(settings, chosen, targets.suffixes(chosen, facts.linear_shapes))

    def tensors(self, model: Adapters) -> Tensors:
        return {_kept_name(name): parameter.detach() for name, parameter in model.parameters.items()}

    @torch.no_grad()
    def put(self, model: Adapters, tensors: Tensors) -> None:
        for name, parameter in model.parameters.items():
            parameter.copy_(tensors[_kept_name(name)])

    def write(self, model: Adapters, base: Base, folder: Path) -> None:
        save_file(self.tensors(model), folder / WEIGHTS, metadata={"format": "pt"})
        of_here = {"base_model_name_or_path": base.name, "peft_version": metadata.version("peft")}
        text = json.dumps(_USUAL | self._fields | of_here, indent=2, sort_keys=True)
        (folder / "adapter_config.json").write_text(text, encoding="utf-8")


def _kept_name(parameter: str) -> str:
    """PEFT leaves the name of the adapter out of its files."""
    return parameter.replace(".default.", ".")
