"""What this machine takes for the parts of an update, as it was measured once, and what lies between. No torch.

Measured are single layers of a few sizes, each over a few amounts of tokens. What a layer of another size takes over
another amount lies on straight lines between them: of the logarithms for sizes, and of the numbers for tokens.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

from workbench.hardware.devices import machine
from workbench.jobs.files import read_json

EngineName = Literal["fast", "standard"]
ENGINES: tuple[EngineName, ...] = ("fast", "standard")

_FORMAT = 3
"""Counts up when a calibration measures something else, so that old ones are not used again."""

PRECISIONS = frozenset({"fp32", "bf16"})

MEASURED_ROW_TOKENS = 128
"""Of the rows that layers are measured with; what attention takes over longer ones is measured apart."""

Point = tuple[float, float, float]
"""Weights of a layer, tokens, and the seconds that they take."""


@dataclass(frozen=True)
class Rates:
    """Of one engine. The keys are PRECISIONS, where it is not told otherwise."""

    start_seconds: float
    """From the start of a process until it can load a model."""
    words_seconds: float
    """Until it can read and write conversations besides."""
    update_seconds: float
    """Of an update, however small the model."""
    layers: Mapping[str, Sequence[Point]]
    """One layer in an update with LoRA, for as many batches side by side as the engine computes."""
    alone: Mapping[str, Sequence[Point]]
    """The same where all threads compute one batch; none where they always do."""
    full: Mapping[str, Sequence[Point]]
    """The same where the layer's own weights are trained; none where the engine does not train them."""
    settle_seconds: float
    """Of the optimizer and what else comes once an update, for each of the layers' own numbers that is trained."""
    answers: Mapping[str, Sequence[Point]]
    """One layer for each token of an answer."""
    codes: Mapping[str, Sequence[Point]]
    """By what a layer takes longer where its weights are held as codes, by their kind, over any amount of tokens."""
    attention_seconds: Mapping[str, float]
    """For each pair of tokens of which one sees the other, and each number that a query is, in an update."""
    head_seconds: Mapping[str, float]
    """For each learned token and each weight of the output layer, in an update."""
    size_seconds: Mapping[str, float]
    """Of the first update with another number of tokens, whose products are compiled for that."""
    forward_share: float
    """Of an update, what it takes to compute a loss alone."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self | None:
        """None where that is no such record."""
        try:
            rates = cls(**{name: data[name] for name in cls.__dataclass_fields__})
            return rates if rates._is_whole() else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def _is_whole(self) -> bool:
        tables = (self.layers, self.answers, *filter(None, (self.alone, self.full)))
        single = (self.attention_seconds, self.head_seconds, self.size_seconds)
        numbers = [value for value in vars(self).values() if not isinstance(value, dict)]
        numbers += [value for table in single for value in table.values()]
        return (
            all(set(table) >= PRECISIONS for table in (*tables, *single))
            and all(_is_curve(points) for table in (*tables, self.codes) for points in table.values())
            and all(0 <= number < math.inf for number in numbers)
        )


def folder(root: Path) -> Path:
    """Where what was measured is kept: one place for equal processors and libraries."""
    return root / "cache" / "rates" / _machine_key()


def read(root: Path, engine: EngineName) -> Rates | None:
    """None where nothing has been measured, or what was is damaged."""
    return Rates.from_json(read_json(folder(root) / f"{engine}.json"))


def seconds_between(points: Sequence[Point], weights: float, tokens: float) -> float:
    """What a layer of so many weights takes over so many tokens."""
    sizes = sorted({size for size, _, _ in points})
    seconds = [_over_tokens([(t, s) for size, t, s in points if size == wanted], tokens) for wanted in sizes]
    if weights >= sizes[-1]:
        return seconds[-1] * weights / sizes[-1]
    if weights <= sizes[0]:
        return seconds[0]
    for (small, quick), (large, slow) in pairwise(zip(sizes, seconds, strict=True)):
        if weights <= large:
            share = math.log(weights / small) / math.log(large / small)
            return quick * (slow / quick) ** share
    raise AssertionError("sizes are in order")


def _over_tokens(measured: list[tuple[float, float]], tokens: float) -> float:
    """On the straight line through the two nearest; never less than the share of the smallest amount."""
    measured.sort()
    if len(measured) == 1:
        return measured[0][1] * tokens / measured[0][0]
    pairs = list(pairwise(measured))
    (few, quick), (many, slow) = next((pair for pair in pairs if tokens <= pair[1][0]), pairs[-1])
    least = measured[0][1] * min(1.0, tokens / measured[0][0])
    return max(least, quick + (slow - quick) * (tokens - few) / (many - few))


def _is_curve(points: Any) -> bool:
    """A handful of measurements, all of them positive numbers."""
    numbers = [number for point in points for number in point]
    return bool(numbers) and len(numbers) == 3 * len(points) and all(0 < number < math.inf for number in numbers)


@lru_cache(maxsize=1)
def _machine_key() -> str:
    here = machine()
    libraries = [version(name) for name in ("torch", "transformers", "peft")]
    told = repr((_FORMAT, here.cpu, here.cores, sorted(here.cpu_flags), here.gpu, libraries))
    return hashlib.sha256(told.encode()).hexdigest()[:16]
