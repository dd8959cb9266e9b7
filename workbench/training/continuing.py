"""What must be unchanged when a run goes on, and what is said of that which may change. No torch."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.config.fields import leaves, value_at
from workbench.config.presets import Change
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs.files import read_json
from workbench.runs.run_dir import RunDir
from workbench.training.checkpoints import Checkpoints
from workbench.training.room import NextCheckpoint

SETTINGS = "settings.json"
"""The file in a checkpoint that holds the settings it was made with."""

_MAY_CHANGE = ("hardware.", "tracking.")
_FACTS = ("workbench", "python", "cpu", "gpu", "device", "threads")

_log = logging.getLogger(__name__)


def checkpoints_of(run: RunDir, room: NextCheckpoint | None = None) -> Checkpoints:
    """The run's checkpoints, each with the settings in use."""
    config = run.config()
    return Checkpoints(run.checkpoints_dir, config.training.keep_checkpoints, {SETTINGS: _settings_text(config)}, room)


def check_settings(run: RunDir, checkpoint: Path) -> None:
    """Raises RunError, with what was changed, if the run's settings are not those that the checkpoint was made with."""
    stored, now = read_json(checkpoint / SETTINGS), run.config()
    changed = [
        str(Change(leaf.path, leaf.spec.label, stored[leaf.path], value_at(now, leaf.path)))
        for leaf in leaves(RunConfig)
        if stored.get(leaf.path, value_at(now, leaf.path)) != value_at(now, leaf.path)
        and not leaf.path.startswith(_MAY_CHANGE)
    ]
    if changed:
        raise RunError(
            f"The settings of {run.name} were changed since it began: {'; '.join(changed)}.",
            "Put them back, or start a new run with the new ones.",
        )


def tell_differences(before: dict[str, Any], now: dict[str, Any]) -> str:
    """A sentence on a machine or versions that differ from those of the attempt before; empty if none do."""
    differing = [*_differing(before, now, _FACTS)]
    differing += _differing(before.get("packages", {}), now["packages"], tuple(now["packages"]))
    if not differing:
        return ""
    sentence = f"It went on with {', '.join(differing)}: not bit-identical here to a run without a break."
    _log.warning(sentence)
    return sentence


def _differing(before: dict[str, Any], now: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if name in before and before[name] != now[name]:
            yield f"{name} {before[name]} → {now[name]}"


def _settings_text(config: RunConfig) -> str:
    """Each setting in use, by its dotted name."""
    return json.dumps({leaf.path: value_at(config, leaf.path) for leaf in leaves(RunConfig)}, ensure_ascii=False)
