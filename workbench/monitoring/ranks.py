"""The rank that each layer was left with, where a method gives ranks to the layers that need them."""

from typing import Any

from workbench.jobs.files import read_json
from workbench.runs.run_dir import RunDir


def rank_by_layer(run: RunDir) -> dict[str, int]:
    """In the order of the model; empty for all other methods, and where the run ended before ranks were settled."""
    saved = read_json(run.adapter_dir / "adapter_config.json")
    kept: Any = saved.get("rank_pattern")
    if saved.get("peft_type") != "ADALORA" or not isinstance(kept, dict):
        return {}
    return {name.removesuffix(".lora_E"): sum(mask) for name, mask in kept.items()}
