"""Well-known models by the shapes in their published config.json, presets/sizes: none of them has to be here."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from workbench.models.facts import ModelFacts, sizes
from workbench.models.safetensors_header import Tensor
from workbench.models.screen import read_object
from workbench.models.weights import measure

FOLDER = Path(__file__).parents[2] / "presets" / "sizes"
_PUBLISHED_BYTES = 2
"""Of a weight: all of them are published in 16 bits."""

_NORMS = ("input_layernorm", "post_attention_layernorm")
_MORE_NORMS = {"gemma2": ("pre_feedforward_layernorm", "post_feedforward_layernorm")}
_BIASED = {"qwen2": ("q_proj", "k_proj", "v_proj")}
"""By `model_type`: what its layers have besides."""


@cache
def well_known() -> tuple[ModelFacts, ...]:
    """What the folder of each would say, the smallest first."""
    known = (_facts(config.parent) for config in FOLDER.glob("*/config.json"))
    return tuple(sorted(known, key=lambda facts: facts.parameters))


def _facts(folder: Path) -> ModelFacts:
    config = read_object(folder / "config.json")
    told = measure(dict(_tensors(config)), config)
    return ModelFacts(
        name=folder.name,
        path=folder,
        architecture=config["architectures"][0],
        template=True,
        tunable=True,
        size_gb=_PUBLISHED_BYTES * told["parameters"] / 1e9,
        **sizes(config),
        **told,
    )


def _tensors(config: dict[str, Any]) -> Iterator[tuple[str, Tensor]]:
    """Every tensor of its files by name."""
    hidden, vocabulary = config["hidden_size"], config["vocab_size"]
    yield _tensor("model.embed_tokens", vocabulary, hidden)
    for layer in range(config["num_hidden_layers"]):
        yield from (_tensor(f"model.layers.{layer}.{name}", *shape) for name, shape in _layer(config).items())
        for role in _BIASED.get(config["model_type"], ()):
            name = f"model.layers.{layer}.self_attn.{role}.bias"
            yield name, _stored(_layer(config)[f"self_attn.{role}"][0])
    yield _tensor("model.norm", hidden)
    if not config["tie_word_embeddings"]:
        yield _tensor("lm_head", vocabulary, hidden)


def _layer(config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """The shapes of one layer's weights."""
    hidden, inner, told = config["hidden_size"], config["intermediate_size"], sizes(config)
    wide, narrow = told["heads"] * told["head_size"], told["key_value_width"]
    norms = (*_NORMS, *_MORE_NORMS.get(config["model_type"], ()))
    return {
        "self_attn.q_proj": (wide, hidden),
        "self_attn.k_proj": (narrow, hidden),
        "self_attn.v_proj": (narrow, hidden),
        "self_attn.o_proj": (hidden, wide),
        "mlp.gate_proj": (inner, hidden),
        "mlp.up_proj": (inner, hidden),
        "mlp.down_proj": (hidden, inner),
        **dict.fromkeys(norms, (hidden,)),
    }


def _tensor(module: str, *shape: int) -> tuple[str, Tensor]:
    return f"{module}.weight", _stored(*shape)


def _stored(*shape: int) -> Tensor:
    """Where in its file is nobody's concern here."""
    return Tensor("BF16", shape, 0, 0)
