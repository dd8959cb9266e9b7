"""How long training will take: a range by arithmetic, or what an earlier run of the same model measured."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.hardware.devices import Machine
from workbench.jobs.files import read_json
from workbench.runs.listing import list_runs
from workbench.runs.metrics import last_row

Range = tuple[float, float]
Basis = Literal["arithmetic", "calibrated", "run"]


@dataclass(frozen=True)
class Duration:
    """Of a whole run, from the start of its process to the end."""

    low_seconds: float
    high_seconds: float
    basis: Basis
    """Arithmetic alone, rates measured on this machine, or an earlier run of the same kind here."""

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


def measured_tokens_per_second(root: Path, model: str, method: str, engine: str) -> float | None:
    """What the newest run of this model and method on this computer reached, computed by the same engine."""
    for run in list_runs(root):
        if (run.model, run.method) == (model, method) and _engine(root / "runs" / run.id) == engine:
            row = last_row(root / "runs" / run.id / "metrics.jsonl")
            if row.get("step", 0) >= 10:
                return float(row["tokens"] / max(row["seconds"], 1e-3))
    return None


def _engine(folder: Path) -> str:
    return str(read_json(folder / "environment.json").get("engine", "standard"))
