"""The run presets that ship in presets/runs, each a RunConfig."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.config import yaml_io
from workbench.config.build import build
from workbench.config.fields import leaves, settings_of
from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError

FOLDER = Path(__file__).parents[2] / "presets" / "runs"


@dataclass(frozen=True)
class Change:
    """One setting that differs between two configs."""

    path: str
    label: str
    old: Any
    new: Any

    def __str__(self) -> str:
        return f"{self.label}: {_plain(self.old)} → {_plain(self.new)}"


def names() -> list[str]:
    """The presets, in the order a newcomer should meet them."""
    order = ["quick", "balanced", "thorough", "low-memory"]
    found = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return [name for name in order if name in found] + [name for name in found if name not in order]


def load(name: str, base: RunConfig | None = None) -> RunConfig:
    """A preset on top of `base`: it changes only the settings it names, and of those the ones that the method has."""
    if name not in names():
        raise WorkbenchError(f"There is no preset {name}.", f"Choose one of {', '.join(names())}.")
    tree = yaml_io.read_tree(FOLDER / f"{name}.yaml")
    known = settings_of(base or RunConfig())
    flat = {f"{section}.{key}": value for section, keys in tree.items() for key, value in keys.items()}
    return build({path: value for path, value in flat.items() if path in known}, base)


def differing(config: RunConfig) -> dict[str, Any]:
    """The settings that are not what they are by default, by their dotted names."""
    settings = settings_of(config)
    own = (leaf for leaf in leaves(RunConfig) if leaf.path in settings)
    return {leaf.path: settings[leaf.path] for leaf in own if settings[leaf.path] != leaf.default}


def changes(old: RunConfig, new: RunConfig) -> list[Change]:
    """The settings that differ, in the order of the form; one that only another method has is None."""
    before, after = settings_of(old), settings_of(new)
    pairs = ((leaf, before.get(leaf.path), after.get(leaf.path)) for leaf in leaves(RunConfig))
    return [Change(leaf.path, leaf.spec.label, was, is_now) for leaf, was, is_now in pairs if was != is_now]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " · ".join(value) or "none"
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, float) else str(value)
