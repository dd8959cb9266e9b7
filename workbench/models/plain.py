"""The most usual kinds of models, whose config and files say all there is to know: nothing has to be asked."""

from typing import Any

from workbench.models.weights import check_fits, misfit

_BLOCKS = "model.layers."

_STATED = frozenset(
    {
        *("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers"),
        *("num_attention_heads", "num_key_value_heads"),
    }
)
_WITH_HEADS = _STATED | {"head_dim"}

PLAIN_KINDS = {
    **dict.fromkeys(("llama", "mistral", "qwen2"), _STATED),
    **dict.fromkeys(("qwen3", "gemma2", "gemma3_text"), _WITH_HEADS),
}
"""Kinds whose files name every layer as the model does, and what their config must state instead of leaving it out."""


def is_plain(config: dict[str, Any]) -> bool:
    needed = PLAIN_KINDS.get(config["model_type"])
    return needed is not None and all(type(config.get(key)) is int for key in needed)


def check_plain(stored: dict[str, tuple[int, int]], config: dict[str, Any], sizes: dict[str, Any]) -> None:
    """Raise ModelError unless the linear layers in the files are just those that a plain config describes.

    `sizes` is what it says, see `models.facts`.
    """
    # A config may claim any number of layers, and each would be listed.
    if sizes["layers"] > len(stored):
        raise misfit(f"it describes {sizes['layers']:,} layers, and holds {len(stored):,} weights for them")
    described = _linear_shapes(config, sizes)
    check_fits(stored, described)
    if others := [name for name in stored if name.startswith(_BLOCKS) and name not in described]:
        raise misfit(f"{len(others)} layers are no part of it, such as {others[0]}")


def _linear_shapes(config: dict[str, Any], sizes: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """(out, in) of each by its name."""
    hidden, inner, shared = sizes["hidden_size"], config["intermediate_size"], sizes["key_value_width"]
    wide = sizes["heads"] * sizes["head_size"]
    block = {
        "self_attn.q_proj": (wide, hidden),
        **dict.fromkeys(("self_attn.k_proj", "self_attn.v_proj"), (shared, hidden)),
        "self_attn.o_proj": (hidden, wide),
        **dict.fromkeys(("mlp.gate_proj", "mlp.up_proj"), (inner, hidden)),
        "mlp.down_proj": (hidden, inner),
    }
    return {f"{_BLOCKS}{n}.{name}": shape for n in range(sizes["layers"]) for name, shape in block.items()}
