"""Which examples are learned from, how often, and which are kept back to see whether the model learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.data.examples_file import ExamplesFile

MAX_HELD_OUT = 500

TRAINING, HELD_OUT = "training.npy", "held_out.npy"
"""The files in which a run keeps the places of either part."""

Places = np.ndarray[Any, np.dtype[np.int64]]
"""Places of examples in their file."""


@dataclass(frozen=True)
class Source:
    """One file of the examples: how often its examples are seen, and whether all of them are kept for checking."""

    weight: float = 1.0
    held_out: bool = False


@dataclass(frozen=True)
class Split:
    """Both parts in the order of the file; an example of weight 2 stands twice in `training`.

    `duplicates_dropped` counts the copies of held-out examples that are not learned from.
    """

    training: Places
    held_out: Places
    duplicates_dropped: int


def hold_out(examples: ExamplesFile, sources: Sequence[Source], share: float, seed: int) -> Split:
    """Keep back a share of the examples, chosen by seed and content: neither order nor file name matters.

    Where a source is held out as a whole, the share is not used.
    """
    content, part = examples.column("content"), examples.column("part")
    apart = np.array([source.held_out for source in sources])[part]
    chosen = _chosen(content, apart, share, seed)
    is_chosen = _is_among(content, chosen)
    held_out = _first_of_each(content, is_chosen & apart if apart.any() else is_chosen)
    training = np.flatnonzero(~is_chosen & ~apart)
    dropped = int((~apart).sum()) - len(training) - (0 if apart.any() else len(held_out))
    weights = np.array([source.weight for source in sources])[part[training]]
    return Split(_weighted(training, weights, _mixed(content[training], seed)), held_out, dropped)


def _chosen(content: Any, apart: Any, share: float, seed: int) -> Any:
    """The contents to keep back; at least one different example stays to be learned."""
    if apart.any():
        mine = np.unique(content[apart])
        return mine[np.argsort(_mixed(mine, seed))][:MAX_HELD_OUT]
    different = np.unique(content)
    if share <= 0:
        return different[:0]
    count = min(max(1, round(share * len(content))), MAX_HELD_OUT, len(different) - 1)
    return different[np.argsort(_mixed(different, seed))][:count]


def _is_among(content: Any, chosen: Any) -> Any:
    """Of each content, whether it is one of the few that were chosen; numpy's own isin would sort a million."""
    ordered = np.append(np.sort(chosen), np.uint64(0))
    found = np.searchsorted(ordered[:-1], content)
    return (found < len(chosen)) & (ordered[found] == content)


def _first_of_each(content: Any, wanted: Any) -> Places:
    places = np.flatnonzero(wanted)
    _, first = np.unique(content[places], return_index=True)
    return np.sort(places[first])


def _weighted(places: Places, weights: Any, rank: Any) -> Places:
    """Each place as often as its weight says; of the part that is left over, a share chosen by content."""
    whole = np.floor(weights).astype(np.int64)
    extra = rank / 2.0**64 < weights - whole
    return np.repeat(places, whole + extra)


def _mixed(content: Any, seed: int) -> Any:
    """64 bits that look random, from content and seed: splitmix64 (Steele, Lea, Flood 2014, section 5)."""
    with np.errstate(over="ignore"):
        value = content.astype(np.uint64) + np.uint64((seed + 1) * 0x9E3779B97F4A7C15 % 2**64)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))
