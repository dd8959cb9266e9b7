"""An adapter from elsewhere, written by hand: what stock PEFT saves of a LoRA on the tiny Llama."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

Tensors = dict[str, np.ndarray[Any, Any]]

QUERY = "base_model.model.model.layers.{}.self_attn.q_proj"
DOWN = "base_model.model.model.layers.{}.mlp.down_proj"


def config(**changes: Any) -> dict[str, Any]:
    """As stock PEFT writes it; keys that say nothing are many."""
    return {
        "alpha_pattern": {},
        "auto_mapping": None,
        "base_model_name_or_path": "somebody/base",
        "bias": "none",
        "fan_in_fan_out": False,
        "inference_mode": True,
        "init_lora_weights": True,
        "layer_replication": None,
        "layers_pattern": None,
        "layers_to_transform": None,
        "loftq_config": {},
        "lora_alpha": 8,
        "lora_dropout": 0.05,
        "megatron_config": None,
        "megatron_core": "megatron.core",
        "modules_to_save": None,
        "peft_type": "LORA",
        "r": 4,
        "rank_pattern": {},
        "revision": None,
        "target_modules": ["q_proj", "down_proj"],
        "task_type": "CAUSAL_LM",
        "use_dora": False,
        "use_rslora": False,
        **changes,
    }


def tensors(rank: int = 4, layers: int = 2) -> Tensors:
    random = np.random.default_rng(0)
    shapes = {}
    for layer in range(layers):
        for place, (outputs, inputs) in ((QUERY, (64, 64)), (DOWN, (64, 128))):
            shapes[f"{place.format(layer)}.lora_A.weight"] = (rank, inputs)
            shapes[f"{place.format(layer)}.lora_B.weight"] = (outputs, rank)
    return {key: random.normal(0, 0.2, shape).astype(np.float32) for key, shape in shapes.items()}


def write(folder: Path, stored: Tensors | None = None, **changes: Any) -> Path:
    """The folder of an adapter; `changes` are keys of its config."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adapter_config.json").write_text(json.dumps(config(**changes)))
    save_file(tensors() if stored is None else stored, folder / "adapter_model.safetensors")
    return folder
