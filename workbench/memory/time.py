"""How long training will take: a range by arithmetic, or what an earlier run of the same model measured."""

from pathlib import Path

from workbench.hardware.devices import Machine
from workbench.runs.listing import list_runs
from workbench.runs.metrics import last_row

_FLOPS_PER_CORE = (15e9, 80e9)
"""What training reaches on a present-day core, slow and fast."""

START_SECONDS = (6.0, 15.0)
"""Starting a process, importing its libraries, loading a small model and checking it once."""

_STEP_SECONDS = (0.04, 0.12)
"""The least a step takes, however small the model."""


def step_seconds(parameters: int, tokens: float, machine: Machine) -> tuple[float, float]:
    """The fewest and most seconds for one update over so many tokens.

    Forward and backward through frozen weights cost about 4 operations a parameter and token, adapters and
    recomputation some more: 6.
    """
    work = 6.0 * parameters * tokens / machine.cores
    fast = max(_STEP_SECONDS[0], work / _FLOPS_PER_CORE[1])
    slow = max(_STEP_SECONDS[1], work / _FLOPS_PER_CORE[0])
    return fast, slow


def measured_tokens_per_second(root: Path, model: str, method: str) -> float | None:
    """What the newest run of this model and method on this computer reached."""
    for run in list_runs(root):
        row = last_row(root / "runs" / run.id / "metrics.jsonl") if (run.model, run.method) == (model, method) else {}
        if row.get("step", 0) >= 10:
            return float(row["tokens"] / max(row["seconds"], 1e-3))
    return None
