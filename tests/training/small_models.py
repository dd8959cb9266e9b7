"""Models of any kind that transformers knows, with two small layers and a LoRA that says something; rows for them."""

import random
from collections.abc import Iterator
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoModelForCausalLM, PreTrainedConfig
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from workbench.data.rendering.rows import IGNORED, Row

PAD = 0
# Windows and chunks of 8 tokens, so that rows are longer than they reach.
SMALL: dict[str, Any] = {
    **dict.fromkeys(("hidden_size", "n_embd"), 32),
    **dict.fromkeys(("num_hidden_layers", "n_layer"), 2),
    **dict.fromkeys(("num_attention_heads", "n_head"), 4),
    **dict.fromkeys(("intermediate_size", "n_inner"), 48),
    **dict.fromkeys(("max_position_embeddings", "n_positions"), 64),
    **dict.fromkeys(("moe_intermediate_size", "shared_expert_intermediate_size"), 16),
    **dict.fromkeys(("num_experts", "num_local_experts"), 4),
    **dict.fromkeys(("resid_pdrop", "embd_pdrop", "attn_pdrop"), 0.0),
    **dict.fromkeys(("dropout", "attention_dropout", "residual_dropout"), 0.0),
    "num_key_value_heads": 2,
    "head_dim": 8,
    "vocab_size": 60,
    "sliding_window": 8,
    "rotary_dim": 4,
    "num_experts_per_tok": 2,
    "pad_token_id": PAD,
    "bos_token_id": 1,
    "eos_token_id": 2,
}


def small_config(model_type: str, **settings: Any) -> PreTrainedConfig:
    kind = CONFIG_MAPPING[model_type]
    known = kind().to_dict()
    return kind(**{name: value for name, value in SMALL.items() if known.get(name) is not None} | settings)


def make_model(config: PreTrainedConfig, targets: str | list[str] = "all-linear") -> PeftModel:
    """Weights much larger than at a fresh start, and a LoRA that says something, so that every difference shows."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        base = AutoModelForCausalLM.from_config(config)
        adapted = get_peft_model(base, LoraConfig(r=2, target_modules=targets, task_type="CAUSAL_LM"))
        for parameter in adapted.parameters():
            if parameter.dim() > 1:
                parameter.data.normal_(std=0.15)
    return adapted.train()


def make_rows(*lengths: int) -> list[Row]:
    """Rows of which the second half is learned."""
    chance = random.Random(0)
    rows = [[chance.randrange(3, 60) for _ in range(length)] for length in lengths]
    return [Row(ids, [IGNORED] * (len(ids) // 2) + ids[len(ids) // 2 :], place) for place, ids in enumerate(rows)]


def types_of(architectures: frozenset[str]) -> Iterator[str]:
    for config, model in MODEL_FOR_CAUSAL_LM_MAPPING.items():
        if model.__name__ in architectures:
            yield config.model_type
