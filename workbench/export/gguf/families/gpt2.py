"""GPT-2, whose layers are stored inputs first."""

from typing import Any

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD, Family, Values

_BLOCK = {
    "ln_1": "attn_norm",
    "attn.c_attn": "attn_qkv",
    "attn.c_proj": "attn_output",
    "ln_2": "ffn_norm",
    "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down",
}
_NAMES = {
    "transformer.wte": "token_embd",
    "transformer.wpe": "position_embd",
    "transformer.ln_f": "output_norm",
    "lm_head": "output",
    **{f"transformer.h.{{}}.{part}": f"blk.{{}}.{name}" for part, name in _BLOCK.items()},
}
_LINEAR = ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")


def _outputs_first(tensor: Any, _: Any) -> Any:
    return tensor.T if tensor.dim() == 2 else tensor


def _describe(config: Any) -> Values:
    if config.scale_attn_by_inverse_layer_idx or not config.scale_attn_weights:
        raise ModelError("The model scales its attention in a way that GGUF has no word for.", INSTEAD)
    return {
        "context_length": config.n_positions,
        "embedding_length": config.n_embd,
        "block_count": config.n_layer,
        "feed_forward_length": config.n_inner or 4 * config.n_embd,
        "attention.head_count": config.n_head,
        "attention.layer_norm_epsilon": float(config.layer_norm_epsilon),
    }


GPT_2 = Family(
    architecture="gpt2",
    names=_NAMES,
    describe=_describe,
    arranged={f"transformer.h.{{}}.{part}": _outputs_first for part in _LINEAR},
    activation="gelu_new",
)
