"""Llama, and what is built exactly as it is."""

from typing import Any

from workbench.export.gguf.families.decoder import NAMES, describe
from workbench.export.gguf.families.family import Family
from workbench.export.gguf.families.rope import stretched_frequencies


def _interleaved(rows: Any, heads: int) -> Any:
    """The pairs of rows of a head that turn together stand side by side; transformers has them half a head apart."""
    return rows.unflatten(0, (heads, 2, -1)).transpose(1, 2).flatten(0, 2)


LLAMA = Family(
    architecture="llama",
    names=NAMES,
    describe=describe,
    ordered={
        "model.layers.{}.self_attn.q_proj": lambda rows, config: _interleaved(rows, config.num_attention_heads),
        "model.layers.{}.self_attn.k_proj": lambda rows, config: _interleaved(rows, config.num_key_value_heads),
    },
    added=stretched_frequencies,
)
