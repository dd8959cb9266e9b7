"""Rates of a made-up machine: a layer takes a tenth of a second for 100 tokens, whatever its size."""

from pathlib import Path
from typing import Any

from workbench.jobs.files import write_json
from workbench.memory.rates import folder

_LAYERS = {name: [[1, 100, 0.1], [1, 200, 0.2], [1e12, 100, 0.1], [1e12, 200, 0.2]] for name in ("fp32", "bf16")}

RATES: dict[str, Any] = {
    "start_seconds": 2.0,
    "words_seconds": 1.0,
    "update_seconds": 0.01,
    "layers": _LAYERS,
    "alone": {name: [[weights, tokens, 0.75 * s] for weights, tokens, s in points] for name, points in _LAYERS.items()},
    "full": {name: [[weights, tokens, 2 * s] for weights, tokens, s in points] for name, points in _LAYERS.items()},
    "settle_seconds": 1e-6,
    "answers": {name: [[1e6, 1, 0.001]] for name in ("fp32", "bf16")},
    "codes": {"nf4": [[1, 1, 0.001]]},
    "attention_seconds": {"fp32": 1e-8, "bf16": 1e-8},
    "head_seconds": {"fp32": 1e-9, "bf16": 1e-9},
    "size_seconds": {"fp32": 0.0, "bf16": 0.0},
    "forward_share": 0.5,
}


def keep(root: Path) -> None:
    """As if this machine had been measured to be that one."""
    folder(root).mkdir(parents=True, exist_ok=True)
    for engine in ("fast", "standard"):
        write_json(folder(root) / f"{engine}.json", RATES)
