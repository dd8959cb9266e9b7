"""A folder as PEFT keeps LoRA in, as adapters of the fast path; of what is more than plain LoRA it is told why not."""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from workbench.engine.adapters import Adapters, LoraPlan
from workbench.engine.shape import Shape
from workbench.errors import ModelError
from workbench.models.screen import read_object

_CONFIG, _WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_AGAIN = "Train it again."

_NAME = re.compile(r"base_model\.model\.(model\.layers\.\d+\.[\w.]+)\.lora_(A|B)\.weight")
_PLAIN_PATTERN = re.compile(r"[\w.]+")

_READ = {"peft_type", "r", "lora_alpha", "rank_pattern", "alpha_pattern", "use_rslora"}
_UNIMPORTANT = {
    *("auto_mapping", "base_model_name_or_path", "exclude_modules", "inference_mode", "layers_pattern"),
    *("layers_to_transform", "lora_dropout", "megatron_core", "peft_version", "qalora_group_size", "revision"),
    *("target_modules", "task_type", "ensure_weight_tying"),
}
"""Which modules were adapted is told by the tensors themselves."""

_BEGINNINGS = (True, False, "gaussian", "orthogonal")
"""Those that leave the model's own weights as they are."""


def read_adapters(folder: Path, shape: Shape) -> Adapters:
    """Raises ModelError for what is not plain LoRA, does not fit the shape, or is damaged."""
    config = read_config(folder)
    try:
        tensors = load_file(folder / _WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{_WEIGHTS} cannot be read: {error}.", _AGAIN) from error
    ranks = dict(_ranks(tensors))
    adapters = Adapters(LoraPlan(ranks, {name: _scale(config, name, rank) for name, rank in ranks.items()}), shape)
    _fill(adapters, tensors)
    return adapters


def read_config(folder: Path) -> dict[str, Any]:
    """What stands in its adapter_config.json. Raises ModelError where that tells of more than plain LoRA."""
    if not (folder / _CONFIG).is_file():
        raise ModelError("This result is more than one adapter beside the layers.", _AGAIN)
    config = read_object(folder / _CONFIG)
    if config.get("peft_type") != "LORA":
        raise ModelError(f"The fast path adds LoRA to layers, not {config.get('peft_type')}.", _AGAIN)
    if config.get("init_lora_weights", True) not in _BEGINNINGS:
        raise ModelError(f"Its beginning ({config['init_lora_weights']}) changes the model's own weights.", _AGAIN)
    for name, value in sorted(config.items()):
        if value and value != "none" and name not in _READ | _UNIMPORTANT | {"init_lora_weights"}:
            raise ModelError(f"The fast path does not know what {name} adds to LoRA.", _AGAIN)
    return config


def _ranks(tensors: Mapping[str, Tensor]) -> Iterator[tuple[str, int]]:
    """The rank of each module."""
    for name, tensor in tensors.items():
        found = _NAME.fullmatch(name)
        if found is None or tensor.ndim != 2:
            raise ModelError(f"The fast path does not know what {name} is.", _AGAIN)
        if found[2] == "A":
            yield found[1], len(tensor)


def _scale(config: Mapping[str, Any], module: str, rank: int) -> float:
    """alpha / rank, with rsLoRA alpha / √rank; alpha by the first pattern that means the module, as PEFT chooses."""
    alphas = config.get("alpha_pattern") or {}
    if not all(_PLAIN_PATTERN.fullmatch(pattern) for pattern in alphas):
        raise ModelError("Its alpha_pattern names modules in an unusual form.", _AGAIN)
    own = (alpha for pattern, alpha in alphas.items() if f".{module}".endswith(f".{pattern}"))
    alpha = float(next(own, config.get("lora_alpha", 8)))
    return alpha / math.sqrt(rank) if config.get("use_rslora") else alpha / rank


@torch.no_grad()
def _fill(adapters: Adapters, tensors: Mapping[str, Tensor]) -> None:
    kept = {name.replace(".default.", "."): parameter for name, parameter in adapters.parameters.items()}
    if kept.keys() != tensors.keys():
        raise ModelError(f"It adapts {min(kept.keys() ^ tensors.keys())}, which the model does not have.", _AGAIN)
    for name, parameter in kept.items():
        if parameter.shape != tensors[name].shape:
            raise ModelError(f"{name} in {_WEIGHTS} does not fit this model.", _AGAIN)
        parameter.copy_(tensors[name])
