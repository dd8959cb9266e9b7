"""What the adapters of each method look like on the disk: the keys of their config, and their tensors.

A config is read against this list and written anew from it; nothing in it is handed on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.config.methods import LoraSettings
from workbench.methods.beside import Layer
from workbench.methods.lokr import factors
from workbench.methods.ranks import rank_of_each
from workbench.methods.targets import is_feed_forward
from workbench.models.facts import ModelFacts

Shape = tuple[int, ...]

PREFIX = "base_model.model."
"""Before the name of each layer that an adapter stands beside."""

WORDS = "prompt_embeddings"
"""The one tensor of a method that puts words before the text."""


@dataclass(frozen=True)
class Form:
    """One method's adapters."""

    method: str
    settings: Mapping[str, str]
    """Our settings of the method by their keys in the config: each must be there."""
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Keys that may say just this."""
    past: frozenset[str] = frozenset()
    """Keys that tell how it was trained, and not what it is."""
    written: Mapping[str, Any] = field(default_factory=dict)
    """What is written for each such adapter."""
    ranked: bool = False
    """Whether single layers may have a rank of their own."""
    has_whole: bool = False
    """Whether it may hold the embedding or the output layer as a whole."""
    marker: str = ""
    """How the names of its tensors go on after that of a layer."""
    parts: Callable[[Any, Layer], Mapping[str, Shape]] | None = None
    """The tensors beside one layer, by the ends of their names."""
    words: Callable[[Any, ModelFacts], Shape] | None = None
    """The size of the words before the text."""

    def tensors(self, settings: Any, layers: Sequence[str], model: ModelFacts) -> dict[str, Shape]:
        """Every tensor that an adapter with these settings holds, in the order of the layers."""
        if self.parts is None:
            return {WORDS: self.words(settings, model)} if self.words else {}
        ranks = rank_of_each(settings, list(layers)) if isinstance(settings, LoraSettings) else {}
        return {
            f"{PREFIX}{name}.{part}": shape
            for name in layers
            for part, shape in self.parts(
                settings.changed("rank", ranks[name]) if ranks else settings, Layer(name, *model.linear_shapes[name])
            ).items()
        }


def _lora(settings: Any, layer: Layer) -> Mapping[str, Shape]:
    parts: dict[str, Shape] = {"lora_A.weight": (settings.rank, layer.inputs)}
    parts["lora_B.weight"] = (layer.outputs, settings.rank)
    return parts | ({"lora_magnitude_vector": (layer.outputs,)} if settings.use_dora else {})


def _loha(settings: Any, layer: Layer) -> dict[str, Shape]:
    outer, inner = (layer.outputs, settings.rank), (settings.rank, layer.inputs)
    return {"hada_w1_a": outer, "hada_w1_b": inner, "hada_w2_a": outer, "hada_w2_b": inner}


def _lokr(settings: Any, layer: Layer) -> Mapping[str, Shape]:
    (small_out, large_out), (small_in, large_in) = factors(layer.outputs), factors(layer.inputs)
    small = {"lokr_w1": (small_out, small_in)}
    if settings.rank < max(large_out, large_in) / 2:
        return small | {"lokr_w2_a": (large_out, settings.rank), "lokr_w2_b": (settings.rank, large_in)}
    return small | {"lokr_w2": (large_out, large_in)}


def _oft(settings: Any, layer: Layer) -> dict[str, Shape]:
    block = settings.block_size
    return {"oft_R.weight": (layer.inputs // block, block * (block - 1) // 2)}


def _ia3(settings: Any, layer: Layer) -> dict[str, Shape]:
    return {"ia3_l": (1, layer.inputs) if is_feed_forward(layer.name) else (layer.outputs, 1)}


def _in_embedding(settings: Any, model: ModelFacts) -> Shape:
    return settings.virtual_tokens, model.hidden_size


def _in_each_layer(settings: Any, model: ModelFacts) -> Shape:
    return settings.virtual_tokens, model.layers * 2 * model.key_value_width


_SHAPE_OF_MODEL = frozenset({"num_layers", "token_dim", "num_attention_heads"})
_ENCODER = frozenset({"encoder_dropout", "encoder_num_layers", "encoder_reparameterization_type"})
_ONE_PART = {"num_transformer_submodules": (1, None)}

FORMS: dict[str, Form] = {
    "LORA": Form(
        method="lora",
        settings={
            "r": "method.rank",
            "lora_alpha": "method.alpha",
            "use_dora": "method.use_dora",
            "use_rslora": "method.use_rslora",
        },
        # The others rewrite the model at the start, so that the adapter is of use only with what they made of it.
        only={"init_lora_weights": (True, False, "gaussian", "orthogonal"), "megatron_core": ("megatron.core", None)},
        past=frozenset({"lora_dropout", "qalora_group_size", "fan_in_fan_out"}),
        ranked=True,
        has_whole=True,
        marker="lora_",
        parts=_lora,
    ),
    "LOHA": Form(
        method="loha",
        settings={"r": "method.rank", "alpha": "method.alpha"},
        past=frozenset({"rank_dropout", "module_dropout", "init_weights"}),
        marker="hada_",
        parts=_loha,
    ),
    "LOKR": Form(
        method="lokr",
        settings={"r": "method.rank", "alpha": "method.alpha"},
        only={"decompose_factor": (-1,)},
        past=frozenset({"rank_dropout", "rank_dropout_scale", "module_dropout", "init_weights"}),
        marker="lokr_",
        parts=_lokr,
    ),
    "OFT": Form(
        method="oft",
        settings={"oft_block_size": "method.block_size"},
        only={"r": (0, None), "use_cayley_neumann": (True,), "num_cayley_neumann_terms": (5,)},
        past=frozenset({"module_dropout", "init_weights", "eps", "fan_in_fan_out"}),
        written={"r": 0},
        marker="oft_",
        parts=_oft,
    ),
    "IA3": Form(
        method="ia3",
        settings={},
        past=frozenset({"init_ia3_weights", "feedforward_modules", "fan_in_fan_out"}),
        marker="ia3_",
        parts=_ia3,
    ),
    "PREFIX_TUNING": Form(
        method="prefix_tuning",
        settings={"num_virtual_tokens": "method.virtual_tokens"},
        only=_ONE_PART,
        past=_SHAPE_OF_MODEL | {"encoder_hidden_size", "prefix_projection", "init_weights"},
        words=_in_each_layer,
    ),
    "P_TUNING": Form(
        method="p_tuning",
        settings={"num_virtual_tokens": "method.virtual_tokens", "encoder_hidden_size": "method.encoder_hidden_size"},
        only=_ONE_PART,
        past=_SHAPE_OF_MODEL | _ENCODER,
        words=_in_embedding,
    ),
    "PROMPT_TUNING": Form(
        method="prompt_tuning",
        settings={"num_virtual_tokens": "method.virtual_tokens"},
        only=_ONE_PART,
        past=_SHAPE_OF_MODEL | {"prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path"},
        words=_in_embedding,
    ),
}
"""By the name that PEFT gives the method."""
