"""What is unwise, or worth knowing, about an adapter whose settings suit the model."""

from collections.abc import Iterator
from typing import Any

from workbench.config.fields import settings_of
from workbench.config.methods import TAKING_STARTS, LoraSettings
from workbench.config.problems import Problem
from workbench.methods.beside import Layer, chosen_with_experts
from workbench.methods.ranks import rank_of_each
from workbench.models.facts import ModelFacts


def find_remarks(settings: Any, facts: ModelFacts) -> Iterator[Problem]:
    """Warnings and notes on the settings of a method."""
    if {"rank", "target_modules"} <= settings_of(settings).keys():
        yield from _ranks(settings, chosen_with_experts(settings, facts))
    if isinstance(settings, LoraSettings):
        yield from _start(settings)
        yield from _whole(settings, facts)


def _ranks(settings: Any, layers: list[Layer]) -> Iterator[Problem]:
    ranks = dict.fromkeys((layer.name for layer in layers), settings.rank)
    if isinstance(settings, LoraSettings):
        ranks = rank_of_each(settings, list(ranks))
    tight = [layer for layer in layers if ranks[layer.name] > _width(layer)]
    if tight:
        narrowest = min(tight, key=_width)
        rank, name = ranks[narrowest.name], narrowest.name.rpartition(".")[2]
        sentence = f"Rank {rank} is more than {name} can use, which is {_width(narrowest)} wide."
        yield Problem("warning", "method.rank", sentence)


def _width(layer: Layer) -> int:
    return min(layer.outputs, layer.inputs)


def _start(settings: LoraSettings) -> Iterator[Problem]:
    if settings.init in TAKING_STARTS:
        rank = "twice the ranks" if settings.rank_pattern else f"twice the rank ({2 * settings.rank})"
        sentence = (
            "The adapter begins with a part of the model's own weights. It is saved as plain "
            f"{'DoRA' if settings.use_dora else 'LoRA'} of {rank}, so that the model itself stays as it is."
        )
        yield Problem("note", "method.init", sentence)


def _whole(settings: LoraSettings, facts: ModelFacts) -> Iterator[Problem]:
    if settings.modules_to_save and facts.tied:
        sentence = (
            "The output layer of this model is its embedding. In the adapter they part: what is trained as a whole "
            "gets numbers of its own, and the other stays as it is."
        )
        yield Problem("note", "method.modules_to_save", sentence)
