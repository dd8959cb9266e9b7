"""Qwen 2 and Qwen 3, which has keys and queries normalised besides."""

from dataclasses import replace

from workbench.export.gguf.families.decoder import NAMES, describe
from workbench.export.gguf.families.family import Family

_NORMS = {
    "model.layers.{}.self_attn.q_norm": "blk.{}.attn_q_norm",
    "model.layers.{}.self_attn.k_norm": "blk.{}.attn_k_norm",
}

QWEN_2 = Family("qwen2", NAMES, describe)

QWEN_3 = replace(QWEN_2, architecture="qwen3", names=NAMES | _NORMS)
