"""A run's adapter as a part of a blend: what it is, read from its folder, or why it cannot be one. No torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.config.methods import LoraSettings
from workbench.config.run_config import RunConfig
from workbench.errors import AdapterError, ModelError, RunError
from workbench.jobs.files import read_json
from workbench.jobs.folder import ENDED
from workbench.methods.table import METHODS
from workbench.models.safetensors_header import read_header
from workbench.runs.run_dir import RunDir
from workbench.training.importing.description import Description, read_description
from workbench.training.importing.files import CONFIG, WEIGHTS
from workbench.training.importing.forms import PREFIX
from workbench.training.importing.ranks import number_of

A, B = "lora_A.weight", "lora_B.weight"
"""How the names of an adapter's two halves beside a layer end."""

_OTHER = "Choose another run."
_ONLY_LORA = "Choose runs of LoRA."


@dataclass(frozen=True)
class Part:
    """One adapter that can be blended."""

    run: RunDir
    name: str
    config: RunConfig
    fingerprint: str
    """Of the model it was trained on."""
    ranks: Mapping[str, int]
    """By the full names of the layers that it stands beside."""
    said: Description
    """What its adapter_config.json says."""

    @property
    def folder(self) -> Path:
        return self.run.adapter_dir

    def strength(self, layer: str) -> float:
        """What the product of its halves beside a layer is multiplied by (alpha / rank)."""
        settings, rank = self.said.settings, self.ranks[layer]
        assert isinstance(settings, LoraSettings)
        alpha = number_of(layer, self.said.strengths, float(settings.alpha))
        return alpha / (math.sqrt(rank) if settings.use_rslora else rank)


def key(layer: str, half: str) -> str:
    """The name of a half in the file of an adapter."""
    return f"{PREFIX}{layer}.{half}"


def look_at(root: Path, run_id: str) -> Part:
    """The adapter of this run. Raises RunError, naming the run, if it can be no part of a blend."""
    run = RunDir.open(root, run_id)
    name, config = run.name, run.config()
    _check_run(run, name)
    _check_method(name, config)
    said, ranks = _read(run, name)
    _check_kind(name, said)
    fingerprint = str(read_json(run.environment_path).get("model", {}).get("fingerprint", ""))
    return Part(run, name, config, fingerprint, ranks, said)


def _check_run(run: RunDir, name: str) -> None:
    if not run.has_adapter():
        raise RunError(f"{name} has no adapter yet.", "Wait until it has ended, or choose another run.")
    if (phase := run.status().phase) not in (*ENDED, "paused"):
        raise RunError(f"{name} has not ended, it is {phase}.", "Wait for it, or choose another run.")


def _check_method(name: str, config: RunConfig) -> None:
    method = METHODS[config.method.name]
    if not isinstance(config.method, LoraSettings):
        raise RunError(f"{name} is {method.label}, and only LoRA adapters can be blended.", _ONLY_LORA)
    if config.model.merged:
        told = f"{name} was built on the merged adapter of {config.model.merged}."
        raise RunError(told, "Only adapters that stand on the model alone can be blended. Choose another run.")


def _read(run: RunDir, name: str) -> tuple[Description, Mapping[str, int]]:
    folder = run.adapter_dir
    if read_json(folder / CONFIG).get("target_parameters"):
        told = f"{name} adapts experts that lie in one tensor, which cannot be blended."
        raise RunError(told, "Choose runs that adapt other layers.")
    try:
        said = read_description(folder / CONFIG)
        stored = read_header(folder / WEIGHTS)
    except (AdapterError, ModelError, OSError) as error:
        reason = error.message if isinstance(error, AdapterError | ModelError) else f"{error.strerror}."
        raise RunError(f"The adapter of {name} cannot be read: {reason}", _OTHER) from error
    end = f".{A}"
    ranks = {
        name.removeprefix(PREFIX).removesuffix(end): tensor.shape[0]
        for name, tensor in stored.items()
        if name.endswith(end)
    }
    return said, ranks


def _check_kind(name: str, said: Description) -> None:
    settings = said.settings
    if isinstance(settings, LoraSettings) and settings.use_dora:
        told = f"{name} is DoRA, which also sets the length of each row of the model, and lengths do not add up."
        raise RunError(told, "Choose runs of LoRA without DoRA.")
    if said.whole:
        told = f"The adapter of {name} holds {', '.join(said.whole)} as a whole, and whole layers cannot be blended."
        raise RunError(told, "Choose runs that train no layer as a whole (modules to save).")
