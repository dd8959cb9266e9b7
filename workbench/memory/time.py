"""How long training will take: a range by arithmetic, or what an earlier run of the same model measured."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Self

from workbench.hardware.devices import Machine
from workbench.runs import foretold
from workbench.runs.listing import list_runs
from workbench.runs.metrics import last_rows

_LEAST_UPDATES = 10
"""Of a run that is measured by: the first ones of a process are slower."""

Range = tuple[float, float]
Basis = Literal["arithmetic", "calibrated", "run"]


@dataclass(frozen=True)
class Duration:
    """Of a whole run, from the start of its process to the end."""

    low_seconds: float
    high_seconds: float
    basis: Basis
    """Arithmetic alone, rates measured on this machine, or an earlier run of the same kind here."""
    update_seconds: float
    """Of each update."""

    @classmethod
    def about(cls, seconds: float, shares: Range, basis: Basis, update_seconds: float) -> Self:
        """From the first share of `seconds` to the second."""
        return cls(shares[0] * seconds, shares[1] * seconds, basis, update_seconds)

    @property
    def seconds(self) -> float:
        """The likeliest."""
        return math.sqrt(self.low_seconds * self.high_seconds)


@dataclass(frozen=True)
class Pace:
    """What an engine reaches, each at best and at worst."""

    flops_per_core: Range
    """On a present-day core, slow and fast."""

    least_seconds: Range
    """Of a step, however small the model."""

    start_seconds: Range
    """Starting a process, importing its libraries, loading a small model and checking it once."""


PACES = {
    "standard": Pace((15e9, 80e9), (0.04, 0.12), (6.0, 15.0)),
    "fast": Pace((60e9, 500e9), (0.005, 0.05), (2.0, 6.0)),
}


def step_seconds(parameters: int, tokens: float, machine: Machine, pace: Pace = PACES["standard"]) -> Range:
    """The fewest and most seconds for one update over so many tokens.

    Forward and backward through frozen weights cost about 4 operations a parameter and token, adapters and
    recomputation some more: 6.
    """
    work = 6.0 * parameters * tokens / machine.cores
    fast = max(pace.least_seconds[0], work / pace.flops_per_core[1])
    slow = max(pace.least_seconds[1], work / pace.flops_per_core[0])
    return fast, slow


def measured_seconds_per_token(root: Path, kind: Mapping[str, Any]) -> float | None:
    """What the updates of the newest run of this kind, see `past.kind_of`, took on this computer."""
    for run in list_runs(root):
        told = foretold.recall(root / "runs" / run.id)
        if told and told.kind == kind:
            rows = last_rows(root / "runs" / run.id / "metrics.jsonl")
            if rows and rows[-1]["step"] >= _LEAST_UPDATES:
                return _seconds_per_token(rows)
    return None


def _seconds_per_token(rows: list[dict[str, Any]]) -> float | None:
    """Of the updates alone, without checks and checkpoints; None where nobody kept that."""
    updates = [
        (after["tokens"] - before["tokens"], after["tokens_per_second"])
        for before, after in pairwise(rows)
        if after["tokens"] > before["tokens"] and after.get("tokens_per_second")
    ]
    tokens = sum(count for count, _ in updates)
    return sum(count / rate for count, rate in updates) / tokens if tokens else None
