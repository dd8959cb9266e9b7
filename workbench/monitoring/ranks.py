"""The ranks of a saved adapter, where they are others than those that were asked for."""

from typing import Any

from workbench.config.methods import TAKING_STARTS, LoraSettings
from workbench.jobs.files import read_json
from workbench.runs.run_dir import RunDir


def rank_by_layer(run: RunDir) -> dict[str, int]:
    """What a method that gives ranks to the layers that need them has left to each, in the order of the model.

    Empty for all other methods, and where the run ended before ranks were settled.
    """
    saved = read_json(run.adapter_dir / "adapter_config.json")
    kept: Any = saved.get("rank_pattern")
    if saved.get("peft_type") != "ADALORA" or not isinstance(kept, dict):
        return {}
    return {name.removesuffix(".lora_E"): sum(kept[name]) for name in sorted(kept, key=_place)}


def _place(name: str) -> list[str]:
    """PEFT sorts names as text, the tenth layer before the second."""
    return [part.zfill(6) if part.isdigit() else part for part in name.split(".")]


def saved_rank(run: RunDir) -> int:
    """That of the plain LoRA which stands for one that began inside the model; 0 for all others."""
    method = run.config().method
    if not isinstance(method, LoraSettings) or method.init not in TAKING_STARTS:
        return 0
    return int(read_json(run.adapter_dir / "adapter_config.json").get("r", 0))
