"""Layers of an adapter from elsewhere that have a rank of their own, told in our settings."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.config.methods import LoraSettings, MethodSettings
from workbench.errors import AdapterError
from workbench.methods import targets

RANKS, STRENGTHS = "rank_pattern", "alpha_pattern"

_NAME = re.compile(r"\w+(\.\w+)*", re.ASCII)
_MOST_NAMES = 500
_OTHER = "Only adapters that could have been made here are taken in."

Numbers = Mapping[str, float]
"""By names of layers, or ends of them; the first that fits a layer holds for it."""


def read_numbers(key: str, said: Any) -> Numbers:
    """Raises AdapterError for anything but numbers by plain names: a pattern is never tried on a name."""
    numbers = said or {}
    is_plain = isinstance(numbers, dict) and len(numbers) <= _MOST_NAMES
    if not is_plain or not all(_NAME.fullmatch(name) and type(numbers[name]) in (int, float) for name in numbers):
        raise AdapterError(f"adapter_config.json gives {key} as something else than numbers by layers.", _OTHER)
    return dict(numbers)


def with_ranks(settings: MethodSettings, layers: Sequence[str], ranks: Numbers, strengths: Numbers) -> MethodSettings:
    """The settings with the ranks of single layers in them.

    Raises AdapterError where the strength of a layer does not follow its rank, which no setting here can tell.
    """
    if not isinstance(settings, LoraSettings) or not (ranks or strengths):
        return settings
    alpha, of_each = float(settings.alpha), {layer: number_of(layer, ranks, settings.rank) for layer in layers}
    for layer, rank in of_each.items():
        if not math.isclose(number_of(layer, strengths, alpha) * settings.rank, alpha * rank, rel_tol=1e-6):
            raise AdapterError(f"This adapter gives {layer} a strength (alpha) that does not follow its rank.", _OTHER)
    return settings.changed("rank_pattern", _in_words(settings.rank, of_each))


def number_of(layer: str, numbers: Numbers, usual: float) -> float:
    """What holds for a layer: the first entry that means it, or what is usual."""
    return next((number for name, number in numbers.items() if layer == name or layer.endswith(f".{name}")), usual)


def _in_words(usual: int, of_each: Mapping[str, float]) -> str:
    by_rank: dict[float, list[str]] = {}
    for layer, rank in of_each.items():
        if rank != usual:
            by_rank.setdefault(rank, []).append(layer)
    entries = [(name, rank) for rank, names in by_rank.items() for name in targets.suffixes(names, list(of_each))]
    return ", ".join(f"{name} {rank:g}" for name, rank in entries)
