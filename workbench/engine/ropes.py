"""How far queries and keys are turned at each place: the rotations of a config.json, as transformers computes them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workbench.engine.shape import Rope
from workbench.errors import ModelError

AUTO = "Set hardware.engine to auto: the standard path takes it."

_STRETCHED = frozenset({"llama3", "yarn"})
"""Kinds that tell the length a model was first trained on from the one that it was stretched to."""


@dataclass(frozen=True)
class _Stretch:
    """A rotation stretched to longer texts."""

    width: int
    base: float
    factor: float
    first_length: float
    """The longest text before it was stretched."""

    given: Mapping[str, Any]


def read_rope(config: Mapping[str, Any], width: int, usual_base: float) -> Rope:
    """The rotation of heads of this width. `usual_base` is the one of a config that names none.

    Raises ModelError for a kind that is computed anew for each text, or that is told incompletely.
    """
    given = config.get("rope_scaling") or config.get("rope_parameters") or {}
    kind = _kind(given)
    base = _number(given, "rope_theta", _number(config, "rope_theta", usual_base))
    if kind == "default":
        return Rope(tuple(_plain(width, base)))
    if given.get("partial_rotary_factor", config.get("partial_rotary_factor")) not in (None, 1):
        raise ModelError(f"Its heads are turned in part (partial_rotary_factor), and as “{kind}”.", AUTO)
    stretch = _Stretch(width, base, _factor(config, given), _first_length(config, given), given)
    if kind == "linear":
        return Rope(tuple(frequency / stretch.factor for frequency in _plain(width, base)))
    return _llama3(stretch) if kind == "llama3" else _yarn(stretch)


def _kind(given: Any) -> str:
    if not isinstance(given, Mapping) or any(isinstance(value, Mapping) for value in given.values()):
        raise ModelError("Its config.json has rotations (rope_parameters) in an unusual form.", AUTO)
    kind = given.get("rope_type", given.get("type", "default"))
    if kind not in ("default", "linear", *_STRETCHED):
        raise ModelError(f"The fast path does not know rotations of the kind “{kind}” (rope_type).", AUTO)
    return str(kind)


def _factor(config: Mapping[str, Any], given: Mapping[str, Any]) -> float:
    return _number(given, "factor", _number(config, "max_position_embeddings", 0) / _first_length(config, given))


def _first_length(config: Mapping[str, Any], given: Mapping[str, Any]) -> float:
    longest = _number(config, "max_position_embeddings", 1)
    return _number(
        config, "original_max_position_embeddings", _number(given, "original_max_position_embeddings", longest)
    )


def _plain(width: int, base: float) -> list[float]:
    return [base ** (-i / width) for i in range(0, width, 2)]


def _llama3(stretch: _Stretch) -> Rope:
    """Slow turns are stretched, quick ones are not, and those between are in part."""
    slow, quick = (_number(stretch.given, f"{name}_freq_factor", 0) for name in ("low", "high"))
    if not 0 < slow < quick:
        raise ModelError("Its config.json has rotations (rope_parameters) in an unusual form.", AUTO)

    def stretched(frequency: float) -> float:
        turns = stretch.first_length * frequency / (2 * math.pi)
        share = min(max((turns - slow) / (quick - slow), 0), 1)
        return (1 - share) * frequency / stretch.factor + share * frequency

    return Rope(tuple(map(stretched, _plain(stretch.width, stretch.base))))


def _yarn(stretch: _Stretch) -> Rope:
    """Peng et al. 2023, arXiv:2309.00071, sections 3.2 to 3.4."""
    low, high = _yarn_range(stretch)
    frequencies = []
    for place, frequency in enumerate(_plain(stretch.width, stretch.base)):
        share = min(max((place - low) / (high - low), 0), 1)
        frequencies.append(frequency * (1 - share) + frequency / stretch.factor * share)
    return Rope(tuple(frequencies), _yarn_factor(stretch))


def _yarn_range(stretch: _Stretch) -> tuple[float, float]:
    """From which pair on a rotation is stretched, and from which it is fully."""

    def pair_with(turns: float) -> float:
        return stretch.width * math.log(stretch.first_length / (turns * 2 * math.pi)) / (2 * math.log(stretch.base))

    low = pair_with(stretch.given.get("beta_fast") or 32)
    high = pair_with(stretch.given.get("beta_slow") or 1)
    if stretch.given.get("truncate", True):
        low, high = math.floor(low), math.ceil(high)
    low, high = max(low, 0), min(high, stretch.width - 1)
    return low, high if high != low else high + 0.001


def _yarn_factor(stretch: _Stretch) -> float:
    def grown(weight: float) -> float:
        return 1.0 if stretch.factor <= 1 else 0.1 * weight * math.log(stretch.factor) + 1.0

    if stretch.given.get("attention_factor") is not None:
        return _number(stretch.given, "attention_factor", 1)
    weight, against = (_number(stretch.given, name, 0) for name in ("mscale", "mscale_all_dim"))
    return grown(weight) / grown(against) if weight and against else grown(1)


def _number(given: Mapping[str, Any], name: str, otherwise: float) -> float:
    value = given.get(name)
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ModelError(f"Its config.json says “{value}” for {name}, where a number belongs.", AUTO)
    return float(value)
