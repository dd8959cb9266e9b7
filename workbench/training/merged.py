"""A run whose adapter is merged into the model, for another that trains a new adapter on top of both. No torch."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from workbench.config.problems import Problem
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs.files import read_json
from workbench.methods.merging import MERGEABLE
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.runs.run_dir import RunDir
from workbench.training.checkpoints import copy_files, damage, publish
from workbench.training.lineage import Parent, keep_copy, look_at

_SETTING = "model.merged"
_INSTEAD = "Go on training that instead, or choose another run."


def find_merged(config: RunConfig, model: ModelFacts, root: Path) -> Parent | None:
    """The run that `model.merged` names, if any.

    A run that goes on from another takes over what that one built on, wherever it came from.
    """
    run_id = config.model.merged
    if not run_id or not config.model.adapter:
        return look_at(run_id, model, root) if run_id else None
    record = read_json(RunDir(root / "runs" / config.model.adapter).merged_dir / "parent.json")
    if record.get("id") != run_id:
        return None
    return Parent(run_id, "", record["name"], record["step"], {}, has_same_model=True)


def find_obstacles(merged: Parent, config: RunConfig) -> Iterator[Problem]:
    """What keeps the adapter from being merged, and a note on what that means."""
    if merged.fault:
        yield Problem("error", _SETTING, merged.fault)
        return
    wrong = [*_unmergeable(merged, config), *_inexact(merged, config)]
    yield from wrong
    if not config.model.adapter and all(problem.level != "error" for problem in wrong):
        sentence = f"Trains a new adapter on top of {merged.adapter}, which is merged into the model for that."
        yield Problem("note", _SETTING, f"{sentence} Both are needed to use it, and the run keeps both.")


def find_other_ground(parent: Parent, config: RunConfig) -> Iterator[Problem]:
    """What is wrong where a run goes on from an adapter that was built on something else."""
    theirs, ours = str(parent.settings.get(_SETTING, "")), config.model.merged
    if theirs == ours or parent.fault:
        return
    stands = f"on the merged adapter of {theirs}" if theirs else "on the model alone"
    sentence = f"The adapter of {parent.name} was built {stands}."
    yield Problem("error", _SETTING, f"{sentence} Choose {theirs or 'none'} here, or begin a new adapter.")


def keep_merged(merged: Parent, config: RunConfig, run: RunDir) -> None:
    """Copy what is merged into a new run. Raises RunError if it is not as it was written."""
    if not config.model.adapter:
        keep_copy(merged, run.root, run.merged_dir)
        return
    source = RunDir.open(run.root, config.model.adapter).merged_dir
    if damaged := damage(source):
        raise _damaged(merged.name, damaged)
    publish(run.merged_dir, partial(copy_files, source))


def merged_of(run: RunDir) -> dict[str, Any]:
    """The `id`, `name` and `step` of the run whose adapter is merged beneath this one's; empty without one."""
    return read_json(run.merged_dir / "parent.json")


def check_merged(run: RunDir) -> None:
    """Raises RunError unless what is merged beneath a run's adapter is there as it was kept."""
    name = run.config().model.merged
    if name and (damaged := damage(run.merged_dir)):
        raise _damaged(name, damaged)


def _unmergeable(merged: Parent, config: RunConfig) -> Iterator[Problem]:
    if not merged.has_same_model:
        sentence = f"{merged.name} was trained on another model than {config.model.path}."
        yield Problem("error", "model.path", f"{sentence} Take that model, or build on no adapter.")
    method = str(merged.settings.get("method.name", "lora"))
    if method not in MERGEABLE:
        sentence = f"The result of {METHODS[method].label} cannot be merged into the model. {_INSTEAD}"
        yield Problem("error", _SETTING, sentence)
    if whole := merged.settings.get("method.modules_to_save"):
        sentence = f"The adapter of {merged.name} holds {whole} as a whole, which cannot be merged. {_INSTEAD}"
        yield Problem("error", _SETTING, sentence)
    if below := merged.settings.get(_SETTING):
        sentence = f"{merged.name} was itself built on the merged adapter of {below}, and only one can be. {_INSTEAD}"
        yield Problem("error", _SETTING, sentence)


def _inexact(merged: Parent, config: RunConfig) -> Iterator[Problem]:
    kind, theirs = config.model.quantization, merged.settings.get("model.quantization", "none")
    if kind != "none":
        sentence = f"An adapter cannot be merged into {kind} weights exactly: most of it would be rounded away."
        yield Problem("error", "model.quantization", f"{sentence} Choose none, or go on training the adapter instead.")
    elif theirs != "none":
        sentence = f"{merged.name} learned with {theirs} weights; merged into whole ones it may answer differently."
        yield Problem("warning", _SETTING, sentence)
    if config.model.precision in ("bf16", "fp16"):
        sentence = f"Merged into {config.model.precision} weights, the smallest changes of {merged.name} are rounded."
        yield Problem("note", "model.precision", sentence)


def _damaged(name: str, file: str) -> RunError:
    return RunError(f"The adapter of {name} that is merged into the model is damaged ({file}).", "Start a new run.")
