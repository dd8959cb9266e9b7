"""The shape of a model from its config.json, for the kinds that the fast path knows. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.engine.ropes import AUTO, read_rope
from workbench.engine.shape import Activation, Heads, LayerShape, Shape
from workbench.errors import ModelError
from workbench.models.screen import read_object

_MOST_LAYERS = 1000
_MOST = 1 << 24
"""Above what any size of a model is."""

_HEAD_WIDTHS = 16
"""Heads are as wide as a multiple of this many numbers."""

_ACTIVATIONS: dict[str, Activation] = {"silu": "silu", "swish": "silu", "gelu_pytorch_tanh": "gelu_tanh"}

_QKV = ("q_proj", "k_proj", "v_proj")
_MLP = ("gate_proj", "up_proj", "down_proj")
_SLIDING = "sliding_attention"


@dataclass(frozen=True)
class _Kind:
    """In what one kind differs from the others. What a config leaves out has the value that transformers gives it."""

    biased: tuple[str, ...] = ()
    """Roles with a bias whatever the config says."""

    biased_if: Mapping[str, tuple[str, ...]] | None = None
    """Roles with a bias where the config says yes to this key."""

    windows: str = "none"
    """none; all: every layer; typed: by layer_types."""

    usual_window: int | None = 4096
    switched: bool = False
    """Whether windows are off unless use_sliding_window is on."""

    shared_if_silent: bool = False
    """Whether heads share nothing where the config does not say num_key_value_heads."""

    normed_heads: bool = False
    usual_head_width: int | None = None
    usual_base: float = 10_000.0
    usually_tied: bool = False
    skips_ropes: bool = False


_ATTENTION_BIAS = {"attention_bias": (*_QKV, "o_proj")}
_BOTH_BIASES = {**_ATTENTION_BIAS, "mlp_bias": _MLP}

KINDS: dict[str, _Kind] = {
    "llama": _Kind(biased_if=_BOTH_BIASES, shared_if_silent=True),
    "mistral": _Kind(windows="all"),
    "ministral": _Kind(windows="typed"),
    "qwen2": _Kind(biased=_QKV, windows="typed", switched=True),
    "qwen3": _Kind(biased_if=_ATTENTION_BIAS, windows="typed", switched=True, normed_heads=True, usual_head_width=128),
    "smollm3": _Kind(
        biased_if=_BOTH_BIASES,
        windows="typed",
        usual_window=None,
        switched=True,
        usual_base=2_000_000.0,
        usually_tied=True,
        skips_ropes=True,
    ),
}
"""By `model_type`. Others differ in more than these fields: Gemma scales its embedding and norms twice, Phi-3 stores
its products fused, OLMo norms elsewhere, Granite and Cohere scale what they add."""


def read_shape(folder: Path) -> Shape:
    """The shape of the model in `folder`. Raises ModelError for one that the fast path does not cover."""
    return shape_of(read_object(folder / "config.json"))


def shape_of(config: Mapping[str, Any]) -> Shape:
    """The shape that a config.json describes. Raises ModelError for one that the fast path does not cover."""
    kind = KINDS.get(str(config.get("model_type")))
    if kind is None:
        raise ModelError(f"The fast path does not know models of the kind “{config.get('model_type')}”.", AUTO)
    if config.get("attention_dropout"):
        raise ModelError("Its config.json asks for dropout within attention (attention_dropout).", AUTO)
    heads = _heads(config, kind)
    layers = _layers(config, kind)
    return Shape(
        vocabulary=_size(config, "vocab_size"),
        hidden=_size(config, "hidden_size"),
        intermediate=_size(config, "intermediate_size"),
        heads=heads,
        layers=layers,
        ropes=(read_rope(config, heads.width, kind.usual_base),),
        activation=_activation(config),
        epsilon=_epsilon(config),
        tied=bool(config.get("tie_word_embeddings", kind.usually_tied)),
        normed_heads=kind.normed_heads,
        biased=_biased(config, kind),
        context=_size(config, "max_position_embeddings"),
    )


def _heads(config: Mapping[str, Any], kind: _Kind) -> Heads:
    query = _size(config, "num_attention_heads")
    silent = "num_key_value_heads" not in config and not kind.shared_if_silent
    shared = query if config.get("num_key_value_heads") is None and not silent else _size(config, "num_key_value_heads")
    usual = kind.usual_head_width or _size(config, "hidden_size") // query
    width = usual if config.get("head_dim") is None else _size(config, "head_dim")
    if not width or width % _HEAD_WIDTHS:
        raise ModelError(f"Its heads are {width} numbers wide, which is no multiple of {_HEAD_WIDTHS}.", AUTO)
    if query % shared:
        raise ModelError(f"Its {query} query heads cannot share {shared} of keys.", AUTO)
    return Heads(query, shared, width, scale=width**-0.5)


def _layers(config: Mapping[str, Any], kind: _Kind) -> tuple[LayerShape, ...]:
    count = _size(config, "num_hidden_layers")
    if count > _MOST_LAYERS:
        raise ModelError(f"Its config.json describes {count:,} layers.", AUTO)
    turned = _turned(config, kind, count)
    windows = _windows(config, kind, turned)
    return tuple(LayerShape(0 if turns else None, window) for turns, window in zip(turned, windows, strict=True))


def _turned(config: Mapping[str, Any], kind: _Kind, count: int) -> list[bool]:
    """Whether a layer turns its queries and keys."""
    if not kind.skips_ropes:
        return [True] * count
    named = config.get("no_rope_layers")
    if named is None:
        every = 4 if config.get("no_rope_layer_interval") is None else _size(config, "no_rope_layer_interval")
        return [(layer + 1) % every != 0 for layer in range(count)]
    if not isinstance(named, list) or len(named) < count:
        raise ModelError("Its config.json does not say of all layers whether they turn (no_rope_layers).", AUTO)
    return [bool(turns) for turns in named[:count]]


def _windows(config: Mapping[str, Any], kind: _Kind, turned: list[bool]) -> list[int]:
    window = _window(config, kind)
    if kind.windows != "typed":
        return [window] * len(turned)
    types = config.get("layer_types")
    if types is None:
        return [window if slides else 0 for slides in _sliding(config, kind, turned)]
    if not isinstance(types, list) or len(types) != len(turned) or set(types) - {_SLIDING, "full_attention"}:
        raise ModelError("Its config.json names attention of another kind (layer_types).", AUTO)
    if _SLIDING in types and not window:
        raise ModelError("Its config.json has layers that see a window, and does not say how long it is.", AUTO)
    return [window if name == _SLIDING else 0 for name in types]


def _window(config: Mapping[str, Any], kind: _Kind) -> int:
    """How long windows are; 0 where there are none."""
    named = config.get("sliding_window", kind.usual_window)
    if kind.windows == "none" or named is None or (kind.switched and not config.get("use_sliding_window")):
        return 0
    return _size({"sliding_window": named}, "sliding_window")


def _sliding(config: Mapping[str, Any], kind: _Kind, turned: list[bool]) -> list[bool]:
    """Which layers have a window where the config does not name them."""
    if kind.skips_ropes:
        return [not turns for turns in turned]
    if not kind.switched:
        return [True] * len(turned)
    first = config.get("max_window_layers", 28)
    return [layer >= first for layer in range(len(turned))]


def _biased(config: Mapping[str, Any], kind: _Kind) -> frozenset[str]:
    asked = [roles for key, roles in (kind.biased_if or {}).items() if config.get(key)]
    return frozenset(kind.biased).union(*asked)


def _activation(config: Mapping[str, Any]) -> Activation:
    name = config.get("hidden_act", "silu")
    if name not in _ACTIVATIONS:
        raise ModelError(f"The fast path does not know the activation “{name}” (hidden_act).", AUTO)
    return _ACTIVATIONS[name]


def _epsilon(config: Mapping[str, Any]) -> float:
    epsilon = config.get("rms_norm_eps", 1e-6)
    if not isinstance(epsilon, int | float) or not 0 <= epsilon < 1:
        raise ModelError(f"Its config.json says “{epsilon}” for rms_norm_eps, where a small number belongs.", AUTO)
    return float(epsilon)


def _size(config: Mapping[str, Any], name: str) -> int:
    value = config.get(name)
    if type(value) is not int or not 0 < value <= _MOST:
        told = f"says “{value}” for" if name in config else "leaves out"
        raise ModelError(f"Its config.json {told} {name}, which the fast path must know.", AUTO)
    return value
