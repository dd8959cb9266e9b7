"""How a model tells where a token stands by turning its keys and queries: what of it a GGUF file says."""

import math
from typing import Any

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD, Values


def describe_rope(config: Any) -> Values:
    """Raises ModelError for a way of stretching that programs do not know."""
    rope = config.rope_parameters
    told = {"rope.dimension_count": head_size(config), "rope.freq_base": float(rope["rope_theta"])}
    kind = rope["rope_type"]
    if kind == "linear":
        return told | {"rope.scaling.type": "linear", "rope.scaling.factor": float(rope["factor"])}
    if kind not in ("default", "llama3"):
        raise ModelError(f"The model stretches its positions by “{kind}”, which is not written to GGUF.", INSTEAD)
    return told


def stretched_frequencies(config: Any) -> dict[str, list[float]]:
    """By what Llama 3 divides how fast each pair of numbers turns: slow ones by all of the factor, fast ones by 1."""
    rope = config.rope_parameters
    if rope["rope_type"] != "llama3":
        return {}
    size = head_size(config)
    slow, fast = rope["low_freq_factor"], rope["high_freq_factor"]
    factors = []
    for pair in range(size // 2):
        wavelength = 2 * math.pi * rope["rope_theta"] ** (2 * pair / size)
        turns = rope["original_max_position_embeddings"] / wavelength
        share = min(max((turns - slow) / (fast - slow), 0.0), 1.0)
        factors.append(1 / ((1 - share) / rope["factor"] + share))
    return {"rope_freqs.weight": factors}


def head_size(config: Any) -> int:
    return int(getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads)
