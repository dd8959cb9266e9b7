"""LoRA: a low-rank update B·A beside each frozen weight (Hu et al. 2021, arXiv:2106.09685), through stock PEFT.

With DoRA each row of a weight is given a trained length of its own (Liu et al. 2024, arXiv:2402.09353); rsLoRA divides
by the square root of the rank (Kalajdzievski 2023, arXiv:2312.03732); with LoRA+ B learns faster than A (Hayou et al.
2024, arXiv:2402.12354). PiSSA, OLoRA and LoftQ are other ways to begin.
"""

import math
import re
from typing import TYPE_CHECKING, Any

from workbench.config.methods import (
    MOST_ALPHA,
    MOST_RANK,
    TAKING_STARTS,
    LoraPrefixSettings,
    LoraSettings,
    MethodSettings,
)
from workbench.errors import SettingError
from workbench.methods import targets, whole_layers
from workbench.methods.beside import BesideLayers, Layer, chosen_with_experts
from workbench.methods.ranks import rank_of_each
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftConfig, PeftModel
    from transformers import PreTrainedModel


_WHOLE = ".modules_to_save."
"""In the names of parameters: those that PEFT trains in place of a layer's own."""

_WHOLE_RATE_TIMES = 0.1
"""As full fine-tuning, which has the same to learn."""

_PREFIX_RATE_TIMES = 16.0
"""Where both are trained: invented words want far larger steps."""

_START_NAMES = {"pissa": "PiSSA", "olora": "OLoRA", "loftq": "LoftQ"}


class Lora(BesideLayers):
    label = "LoRA"
    trade_off = "Trains a small addition beside the frozen model: quick, light, and easy to take off again."

    def refuses(self, settings: LoraSettings, facts: ModelFacts, quantization: Quantization) -> str | None:
        """PEFT's 8-bit layer gives its weights for their lengths just once."""
        if settings.use_dora and quantization.kind == "int8":
            return "DoRA does not go with int8 weights; it does with nf4."
        if settings.init in TAKING_STARTS and quantization.is_on:
            name = _START_NAMES[settings.init]
            return f"{name} needs the frozen weights whole, not as {quantization.kind}; LoftQ is for these."
        if settings.init == "loftq" and not quantization.is_on:
            return "LoftQ makes up for what compressed weights lost, and these are whole."
        return super().refuses(settings, facts, quantization)

    def trainable(self, settings: LoraSettings, facts: ModelFacts) -> int:
        layers = chosen_with_experts(settings, facts)
        _check_experts(settings, facts, layers)
        ranks = rank_of_each(settings, [layer.name for layer in layers])
        if settings.init != "default":
            _check_ranks(settings, ranks, layers)
        if settings.init in TAKING_STARTS:
            _check_room_to_double(settings, ranks)
        beside = sum(self.in_layer(settings.changed("rank", ranks[layer.name]), layer) for layer in layers)
        return beside + sum(whole_layers.choose(settings.modules_to_save, facts).values())

    def apply(self, model: "PreTrainedModel", settings: LoraSettings, facts: ModelFacts) -> "PeftModel":
        adapted = self._adapted(model, settings, facts)
        whole_layers.hold_in_full(adapted)
        if settings.init == "loftq":
            from workbench.methods.quantised_start import make_up_for_loss

            make_up_for_loss(adapted, facts)
        return adapted

    def _adapted(self, model: "PreTrainedModel", settings: LoraSettings, facts: ModelFacts) -> "PeftModel":
        if settings.init not in TAKING_STARTS:
            return super().apply(model, settings, facts)
        from workbench.methods.displaced import Displaced

        return Displaced(model, self.config_for(settings, facts), settings.init)

    def config_for(self, settings: LoraSettings, facts: ModelFacts) -> "PeftConfig":
        layers = chosen_with_experts(settings, facts)
        linear = [layer.name for layer in layers if not layer.experts]
        experts = [layer.name for layer in layers if layer.experts]
        names = [layer.name for layer in layers]
        config: Any = self.peft_config(settings, names, targets.suffixes(linear, facts.linear_shapes))
        config.target_parameters = targets.suffixes(experts, facts.expert_shapes) or None
        return config  # type: ignore[no-any-return]

    def regimen(self, model: "PeftModel", settings: LoraSettings, steps: int) -> Regimen:
        if settings.init in TAKING_STARTS:
            from workbench.methods.displaced import Beginning

            return Beginning(model)
        return super().regimen(model, settings, steps)

    def in_layer(self, settings: LoraSettings, layer: Layer) -> int:
        """rank · (in + out) (section 4.1 of the paper), for each expert; DoRA's lengths are one number a row."""
        update = settings.rank * (layer.inputs + layer.outputs) * max(1, layer.experts)
        return update + (layer.outputs if settings.use_dora else 0)

    def peft_config(self, settings: LoraSettings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        from peft import LoraConfig

        return LoraConfig(**peft_fields(settings, chosen, endings))


def peft_fields(settings: LoraSettings, chosen: list[str], endings: list[str]) -> dict[str, Any]:
    """What PEFT's LoraConfig is told; all else in it is as PEFT has it."""
    alpha, others = float(settings.alpha), _other_ranks(settings, chosen)
    return {
        "r": settings.rank,
        "lora_alpha": alpha,
        "rank_pattern": others,
        "alpha_pattern": {ending: alpha * rank / settings.rank for ending, rank in others.items()},
        "lora_dropout": settings.dropout,
        "use_dora": settings.use_dora,
        "use_rslora": settings.use_rslora,
        "target_modules": endings,
        "modules_to_save": targets.split(settings.modules_to_save) or None,
        "task_type": "CAUSAL_LM",
    }


def _check_experts(settings: LoraSettings, facts: ModelFacts, layers: list[Layer]) -> None:
    """PEFT adapts a tensor of several experts with the plain update alone."""
    if not any(layer.experts for layer in layers):
        return
    whose = f"the experts of {facts.architecture}, which lie in one tensor"
    hint = "Leave the experts out, or change this."
    if settings.use_dora:
        raise SettingError("method.use_dora", f"DoRA cannot adapt {whose}.", hint)
    if settings.dropout:
        raise SettingError("method.dropout", f"There is no dropout for {whose}.", hint)
    if settings.init != "default":
        raise SettingError("method.init", f"{_START_NAMES[settings.init]} cannot begin with {whose}.", hint)


def _check_ranks(settings: LoraSettings, ranks: dict[str, int], layers: list[Layer]) -> None:
    width = min(min(layer.outputs, layer.inputs) for layer in layers)
    if max(ranks.values()) > width:
        sentence = f"{_START_NAMES[settings.init]} takes a rank of at most {width}, the width of the narrowest layer."
        raise SettingError("method.rank", sentence, f"Choose at most {width}, or let the adapter begin by default.")


def _check_room_to_double(settings: LoraSettings, ranks: dict[str, int]) -> None:
    """What is saved has to be an adapter that can be trained further, and taken in elsewhere."""
    name, most = _START_NAMES[settings.init], MOST_RANK // 2
    if (largest := max(ranks.values())) > most:
        sentence = f"{name} is saved at twice the rank, so it takes a rank of at most {most}, not {largest}."
        raise SettingError("method.rank", sentence, f"Choose at most {most}, or let the adapter begin by default.")
    if settings.alpha != "auto" and settings.alpha > MOST_ALPHA / 2:
        sentence = f"{name} is saved at twice the rank and alpha, so it takes an alpha of at most {MOST_ALPHA // 2}."
        hint = f"Choose at most {MOST_ALPHA // 2}, or let the adapter begin by default."
        raise SettingError("method.alpha", sentence, hint)


def _other_ranks(settings: LoraSettings, chosen: list[str]) -> dict[str, int]:
    """The ranks that differ from the usual one, by the endings that mean just those layers, as PEFT takes them."""
    by_rank: dict[int, list[str]] = {}
    for name, rank in rank_of_each(settings, chosen).items():
        by_rank.setdefault(rank, []).append(name)
    others = {rank: names for rank, names in by_rank.items() if rank != settings.rank}
    return {ending: rank for rank, names in others.items() for ending in targets.suffixes(names, chosen)}


def rate_times(settings: MethodSettings, parameter: str) -> float:
    """How many times the learning rate a parameter learns at; words and the B of LoRA+ faster, whole layers slower."""
    if _WHOLE in parameter:
        return _WHOLE_RATE_TIMES
    if isinstance(settings, LoraPrefixSettings) and parameter.startswith("prompt_encoder."):
        return _PREFIX_RATE_TIMES
    return settings.plus_ratio if isinstance(settings, LoraSettings) and ".lora_B." in parameter else 1.0


def as_saved(settings: MethodSettings) -> MethodSettings:
    """Those that would make the adapter as it is saved: what it began with is a part of it then."""
    if not isinstance(settings, LoraSettings) or settings.init == "default":
        return settings
    if settings.init not in TAKING_STARTS:
        return settings.changed("init", "default")
    times = math.sqrt(2) if settings.use_rslora else 2.0
    doubled = {
        "init": "default",
        "rank": 2 * settings.rank,
        "alpha": times * float(settings.alpha),
        "rank_pattern": re.sub(r"\d+(?=\s*(?:,|$))", lambda rank: str(2 * int(rank[0])), settings.rank_pattern),
    }
    return settings.model_copy(update=doubled)
