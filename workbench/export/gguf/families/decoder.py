"""What those families have in common that are built as Llama is: names of tensors, and what a file says of a model."""

from typing import Any

from workbench.export.gguf.families.family import Values
from workbench.export.gguf.families.rope import describe_rope, head_size

_BLOCK = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}

NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    **{f"model.layers.{{}}.{part}": f"blk.{{}}.{name}" for part, name in _BLOCK.items()},
}


def describe(config: Any) -> Values:
    """Raises ModelError for a config that has no counterpart in GGUF."""
    return {
        "context_length": _context(config),
        "embedding_length": config.hidden_size,
        "block_count": config.num_hidden_layers,
        "feed_forward_length": config.intermediate_size,
        "attention.head_count": config.num_attention_heads,
        "attention.head_count_kv": config.num_key_value_heads,
        "attention.key_length": head_size(config),
        "attention.value_length": head_size(config),
        "attention.layer_norm_rms_epsilon": float(config.rms_norm_eps),
        "vocab_size": config.vocab_size,
        **describe_rope(config),
    }


def _context(config: Any) -> int:
    """Up to where all tokens are seen: programs know no window that slides in these families."""
    window = getattr(config, "sliding_window", None)
    return min(config.max_position_embeddings, window or config.max_position_embeddings)
