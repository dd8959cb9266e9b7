"""Phi-3: queries, keys and values are one tensor, and so are the two ways into a layer's inner width."""

from workbench.export.gguf.families.decoder import NAMES, describe
from workbench.export.gguf.families.family import Family

_JOINED = {
    "model.layers.{}.self_attn.qkv_proj": "blk.{}.attn_qkv",
    "model.layers.{}.mlp.gate_up_proj": "blk.{}.ffn_up",
}

PHI_3 = Family("phi3", NAMES | _JOINED, describe)
