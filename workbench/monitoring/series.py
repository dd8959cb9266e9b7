"""Arithmetic on the series of a run: smoothing, thinning, and the time that is left."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

POINTS = 800
"""What a chart of a screen's width can show."""

_RECENT_STEPS = 50
_WEIGHT = 0.9


@dataclass(frozen=True)
class Window:
    """A stretch of a series: its mean, and how far chance may have moved it (the standard error)."""

    mean: float
    error: float


class Smoother:
    """Exponential moving average, corrected for its start so that the first values are not pulled towards zero."""

    def __init__(self) -> None:
        self._sum = 0.0
        self._mass = 0.0

    def add(self, value: float | None) -> float | None:
        """The average with this value; a missing one leaves a gap."""
        if value is None:
            return None
        self._sum = _WEIGHT * self._sum + (1 - _WEIGHT) * value
        self._mass = _WEIGHT * self._mass + (1 - _WEIGHT)
        return self._sum / self._mass


def thin(steps: Sequence[int], values: Sequence[float | None], limit: int = POINTS) -> list[int]:
    """The indices of at most `limit` values that draw the same picture.

    Each stretch of steps keeps its lowest and its highest value, so that no spike is lost; the first and the last value
    stay.
    """
    count = len(values)
    if count <= limit:
        return list(range(count))
    stretches, span = max(1, (limit - 2) // 2), steps[-1] - steps[0] + 1
    places: dict[int, list[int]] = {}
    for index, step in enumerate(steps):
        places.setdefault((step - steps[0]) * stretches // span, []).append(index)
    kept = {0, count - 1}
    for stretch in places.values():
        present = [index for index in stretch if values[index] is not None]
        kept |= _extremes(values, present) if present else {stretch[0]}
    return sorted(kept)


def windows(values: Sequence[float], size: int) -> list[Window]:
    """The series cut into stretches of `size`, counted from its end; what is left over at its start is passed over."""
    starts = range(len(values) % size, len(values), size)
    return [_window(values[start : start + size]) for start in starts]


def seconds_left(rows: Sequence[dict[str, Any]], steps: int) -> float | None:
    """How long the remaining steps take at the pace of the last ones, checks in between included."""
    recent = rows[-_RECENT_STEPS:]
    done = recent[-1]["step"] - recent[0]["step"] if recent else 0
    if done == 0:
        return None
    pace = (recent[-1]["seconds"] - recent[0]["seconds"]) / done
    return max(0.0, (steps - recent[-1]["step"]) * pace)


def _window(values: Sequence[float]) -> Window:
    mean = sum(values) / len(values)
    return Window(mean, math.sqrt(sum((value - mean) ** 2 for value in values)) / len(values))


def _extremes(values: Sequence[float | None], indices: list[int]) -> set[int]:
    def height(index: int) -> float:
        return values[index] or 0.0

    return {min(indices, key=height), max(indices, key=height)}
