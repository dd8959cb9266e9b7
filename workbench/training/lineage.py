"""A run whose adapter another one trains further: what of it must fit, and what of it is kept. No torch."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.config.fields import leaves, settings_of
from workbench.config.methods import LoraSettings
from workbench.config.problems import Problem
from workbench.config.run_config import RunConfig
from workbench.data.preparing.results import sha256_of
from workbench.errors import RunError, WorkbenchError
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import ENDED
from workbench.methods.lora import as_saved
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.models.fingerprint import fingerprint
from workbench.runs.run_dir import RunDir
from workbench.training.checkpoints import BEST, SETTINGS, by_step, damage, publish, step_of

WEIGHTS = "adapter_model.safetensors"

_SETTING = "model.adapter"
_NO_PART_OF_IT = ("method.dropout", "method.plus_ratio")
"""Settings of a method that decide how an adapter is trained, not what it is."""
_AROUND_IT = ("model.quantization", "data.template", "data.system_prompt")
"""Settings that an adapter has learned with, and that it can be used without."""
_ANEW = "begin a new adapter"
_OTHER = "Choose another run, or begin a new adapter."


@dataclass(frozen=True)
class Parent:
    """The run that is gone on from. Where `fault` says why it cannot be, nothing else is known."""

    id: str
    fault: str = ""
    name: str = ""
    step: int = 0
    """The step its adapter is of; 0 if that is not known."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What its adapter was made with, by dotted setting."""
    has_same_model: bool = False

    @property
    def adapter(self) -> str:
        """What is gone on from, in words."""
        return f"the {self.kept} of {self.name}" + (f" (step {self.step})" if self.step else "")

    @property
    def kept(self) -> str:
        """What is left of it: an adapter, or weights."""
        return METHODS[str(self.settings.get("method.name", "lora"))].saved_as.folder


def find_parent(config: RunConfig, model: ModelFacts, root: Path) -> Parent | None:
    """The run that `model.adapter` names, if any."""
    return look_at(config.model.adapter, model, root) if config.model.adapter else None


def look_at(run_id: str, model: ModelFacts, root: Path) -> Parent:
    """The run with this id as one whose adapter another run rests on."""
    try:
        run = RunDir.open(root, run_id)
        settings = _settings(run)
    except WorkbenchError as error:
        return Parent(run_id, str(error))
    phase = run.status().phase
    if phase not in (*ENDED, "paused"):
        return Parent(run_id, f"{run.name} has not ended, it is {phase}. Wait for it, or choose another run.")
    if adapter_of(run) is None:
        return Parent(run_id, f"{run.name} has no adapter to go on from. {_OTHER}")
    trained_on = read_json(run.environment_path).get("model", {}).get("fingerprint")
    return Parent(run_id, "", run.name, _step(run), settings, trained_on == fingerprint(model.path))


def adapter_of(run: RunDir) -> Path | None:
    """The folder of a run's result; without one the last state that was saved, if any."""
    if run.has_adapter():
        return run.adapter_dir
    return next(reversed(by_step(run.checkpoints_dir)), None)


def find_misfits(parent: Parent, config: RunConfig) -> Iterator[Problem]:
    """What keeps a run from training the parent's adapter further, and a note on what that means."""
    if parent.fault:
        yield Problem("error", _SETTING, parent.fault)
        return
    if not parent.has_same_model:
        yield Problem("error", "model.path", _other_model(parent, config.model.path))
    method = METHODS[config.method.name]
    if not method.extends:
        sentence = f"An adapter of {method.label} does not hold all that was trained, so it cannot be trained further."
        yield Problem("error", _SETTING, sentence)
    yield from _differing(parent, config)
    if _checks_with_others(parent.settings, config):
        sentence = f"{parent.name} kept other examples for checking, so it may have learned those kept now."
        yield Problem("warning", "data.eval_share", sentence)
    begins = "The learning rate schedule and the optimizer begin anew."
    yield Problem("note", _SETTING, f"Goes on from {parent.adapter}. {begins}")


def keep(parent: Parent, run: RunDir) -> None:
    """Copy the parent's adapter into a new run, so that nothing which becomes of the parent changes that run.

    Raises RunError if it is not as it was written.
    """
    keep_copy(parent, run.root, run.start_dir)


def keep_copy(parent: Parent, root: Path, target: Path) -> None:
    """The parent's adapter in the folder `target`. Raises RunError if it is not as it was written."""
    source = RunDir.open(root, parent.id)
    folder, files = adapter_of(source), METHODS[source.config().method.name].saved_as.files
    damaged = damage(folder) if folder else files[0]
    if folder is None or damaged:
        raise RunError(f"The adapter of {parent.name} is damaged ({damaged}).", _OTHER)

    def copy(staging: Path) -> None:
        for name in files:
            (staging / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(folder / name, staging / name)
        record = {"id": parent.id, "name": parent.name, "step": parent.step, "sha256": sha256_of(staging / files[0])}
        write_json(staging / "parent.json", record)

    publish(target, copy)


def extend(run: RunDir) -> RunConfig:
    """The settings of a new run that trains this one's adapter further: the same ones, but for how it began."""
    asked, made = run.asked().changed("model.adapter", run.id), run.config().method
    return asked if as_saved(made) == made else asked.changed("method", as_saved(made))


def parent_of(run: RunDir) -> dict[str, Any]:
    """The `id`, `name` and `step` of the run whose adapter this one began with, as they were; empty without one."""
    return read_json(run.start_dir / "parent.json")


def check_start(run: RunDir) -> None:
    """Raises RunError unless what the run began with is as it was kept."""
    if damaged := damage(run.start_dir):
        name = run.config().model.adapter
        sentence = f"The adapter of {name} that {run.name} begins with is damaged ({damaged})."
        raise RunError(sentence, "Start a new run.")


def _differing(parent: Parent, config: RunConfig) -> Iterator[Problem]:
    settings = settings_of(config)
    shared = parent.settings.keys() & settings.keys() - set(_NO_PART_OF_IT)
    for leaf in leaves(RunConfig):
        if leaf.path not in shared or parent.settings[leaf.path] == settings[leaf.path]:
            continue
        was, now = parent.settings[leaf.path], settings[leaf.path]
        label, old, new = leaf.spec.label, _plain(was), _plain(now)
        if leaf.section == "method":
            sentence = f"{label}: the {parent.kept} of {parent.name} has {old}, not {new}. Take {old}, or {_ANEW}."
            yield Problem("error", leaf.path, sentence)
        elif leaf.path in _AROUND_IT:
            sentence = f"{label}: {parent.name} learned with {old}, not with {new}, and may answer worse at first."
            yield Problem("warning", leaf.path, sentence)


def _settings(run: RunDir) -> Mapping[str, Any]:
    """As the last checkpoint was made: config.yaml may have been changed since."""
    newest = next(reversed(by_step(run.checkpoints_dir)), None)
    return _as_saved((newest and read_json(newest / SETTINGS)) or settings_of(run.config()))


def _as_saved(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """With LoRA's settings as they are of the adapter; what an earlier version did not know has its default."""
    if settings.get("method.name") != "lora":
        return settings
    known = {name: settings[f"method.{name}"] for name in LoraSettings.model_fields if f"method.{name}" in settings}
    saved = settings_of(as_saved(LoraSettings(**known)))
    return {**settings, **{f"method.{name}": value for name, value in saved.items()}}


def _step(run: RunDir) -> int:
    folder, status = adapter_of(run), run.status()
    if folder and folder != run.adapter_dir:
        return step_of(folder)
    ended_with_it = status.phase in ("finished", "stopped")
    return int(read_json(run.adapter_dir / BEST).get("step", status.step if ended_with_it else 0))


def _other_model(parent: Parent, model: str) -> str:
    theirs = parent.settings.get("model.path", model)
    if theirs == model:
        return f"The model {model} has changed since {parent.name} was trained on it. Put it back, or {_ANEW}."
    return f"{parent.name} was trained on {theirs}, not on {model}. Take {theirs}, or {_ANEW}."


def _checks_with_others(theirs: Mapping[str, Any], ours: RunConfig) -> bool:
    """Whether examples may be kept for checking that the parent has learned: they are chosen by seed and content."""
    if theirs.get("data.path") != ours.data.path or ours.data.eval_path:
        return False
    return theirs.get("training.seed") != ours.training.seed or theirs["data.eval_share"] < ours.data.eval_share


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value) or "none"
