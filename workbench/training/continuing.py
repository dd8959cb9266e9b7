"""What must be unchanged when a run goes on, and what is said of that which may change. No torch."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.config.fields import leaves, settings_of
from workbench.config.presets import Change
from workbench.config.run_config import RunConfig
from workbench.errors import ChangedError, RunError
from workbench.jobs.files import read_json
from workbench.models import catalog
from workbench.models.fingerprint import fingerprint, fingerprints
from workbench.runs.metrics import last_row
from workbench.runs.run_dir import RunDir
from workbench.training import dataset
from workbench.training.checkpoints import SETTINGS, Checkpoints
from workbench.training.lineage import adapter_of
from workbench.training.room import NextCheckpoint

_ANEW = "Start a new run with its settings instead."
_MAY_CHANGE = ("hardware.", "tracking.")
_FACTS = ("workbench", "python", "cpu", "gpu", "device", "engine", "kernels", "threads")

_log = logging.getLogger(__name__)


def checkpoints_of(run: RunDir, room: NextCheckpoint | None = None) -> Checkpoints:
    """The run's checkpoints, each with the settings in use."""
    config = run.config()
    return Checkpoints(run.checkpoints_dir, config.training.keep_checkpoints, {SETTINGS: _settings_text(config)}, room)


def check_unchanged(run: RunDir) -> None:
    """Raises ChangedError, with what was changed, unless settings, data and model are those the run began with.

    Raises RunError where all its checkpoints are lost.
    """
    newest_checkpoint(run, checkpoints_of(run))
    if changed := dataset.find_changed(run):
        raise _refusal(run, f"The rows that {run.name} learns from have changed since it began ({changed}).")
    check_model(run, catalog.find(run.config().model.path, run.root))


def check_model(run: RunDir, folder: Path) -> None:
    """Raises ChangedError unless the model in `folder` is the one that the run began with, RunError if unknown."""
    began_with = read_json(run.environment_path).get("model", {})
    if run.environment_path.exists() and not began_with:
        sentence = f"environment.json of {run.name} is damaged, so nobody can tell whether its model is the same."
        raise RunError(sentence, _ANEW)
    if began_with.get("fingerprint") in (None, fingerprint(folder)):
        return
    files = began_with.get("files", {})
    changed = sorted(name for name, digest in fingerprints(folder).items() if files.get(name, digest) != digest)
    named = f" ({', '.join(changed)})" if changed else ""
    sentence = f"The model {began_with['name']} has changed since {run.name} began{named}."
    raise ChangedError(sentence, "Put the old one back, or start a new run.", leaves_adapter=False)


def newest_checkpoint(run: RunDir, checkpoints: Checkpoints) -> Path | None:
    """The checkpoint to go on from, None where none was made yet. Damaged ones are set aside.

    Raises RunError where all that were made are lost, or where the settings were changed since.
    """
    newest = checkpoints.newest_valid()
    if newest:
        check_settings(run, newest)
    elif checkpoints.tell_damaged(0) or _has_passed_a_save(run):
        sentence = f"No checkpoint of {run.name} is left whole, so it cannot be resumed."
        hint = "Train it further in a new run." if run.has_adapter() else _ANEW
        raise ChangedError(sentence, hint, leaves_adapter=run.has_adapter())
    return newest


def _has_passed_a_save(run: RunDir) -> bool:
    return int(last_row(run.metrics_path).get("step", 0)) > int(run.config().training.save_every)


def check_settings(run: RunDir, checkpoint: Path) -> None:
    """Raises ChangedError, with what was changed, unless the run's settings are those of the checkpoint."""
    stored, now = read_json(checkpoint / SETTINGS), settings_of(run.config())
    changed = [
        str(Change(leaf.path, leaf.spec.label, stored[leaf.path], now.get(leaf.path)))
        for leaf in leaves(RunConfig)
        if stored.get(leaf.path, now.get(leaf.path)) != now.get(leaf.path) and not leaf.path.startswith(_MAY_CHANGE)
    ]
    if changed:
        raise _refusal(run, f"The settings of {run.name} were changed since it began: {'; '.join(changed)}.")


def tell_differences(before: dict[str, Any], now: dict[str, Any]) -> str:
    """A sentence on a machine or versions that differ from those of the attempt before; empty if none do."""
    differing = [*_differing(before, now, _FACTS)]
    differing += _differing(before.get("packages", {}), now["packages"], tuple(now["packages"]))
    if not differing:
        return ""
    sentence = f"It went on with {', '.join(differing)}: not bit-identical here to a run without a break."
    _log.warning(sentence)
    return sentence


def _refusal(run: RunDir, sentence: str) -> ChangedError:
    if adapter_of(run):
        return ChangedError(sentence, "Put that back, or train it further in a new run.", leaves_adapter=True)
    return ChangedError(sentence, "Put that back, or start a new run.", leaves_adapter=False)


def _differing(before: dict[str, Any], now: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    """Of what both attempts tell: only the fast engine has kernels."""
    for name in names:
        if name in before and name in now and before[name] != now[name]:
            yield f"{name} {before[name]} → {now[name]}"


def _settings_text(config: RunConfig) -> str:
    """Each setting in use, by its dotted name."""
    return json.dumps(settings_of(config), ensure_ascii=False)
