"""RunConfig as commented YAML, and back."""

from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from workbench.config.build import from_tree
from workbench.config.fields import leaves, settings_of
from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError

MAX_BYTES = 1_000_000
RECORD_KEYS = ("format", "auto", "parent")
"""What a run's config.yaml holds beside the settings."""


def load(path: Path) -> RunConfig:
    """The RunConfig in a YAML file of ours or the user's; what it leaves out keeps its default.

    Raises WorkbenchError if the file cannot be read, SettingError for a value that cannot be.
    """
    return settings_in(read_tree(path))


def settings_in(tree: dict[str, Any]) -> RunConfig:
    """The same of what stands in such a file, or in a run's config.yaml."""
    return from_tree({key: value for key, value in tree.items() if key not in RECORD_KEYS})


def read_tree(path: Path) -> dict[str, Any]:
    """The sections of a YAML file as nested dictionaries."""
    try:
        found = path.stat()
        if found.st_size > MAX_BYTES:
            raise WorkbenchError(f"{path.name} is too large for a settings file.", "It may have at most 1 MB.")
        return deepcopy(_parse(path, (found.st_ino, found.st_size, found.st_mtime_ns)))
    except OSError as error:
        raise WorkbenchError(f"{path} cannot be read: {error.strerror}.", "Check the name.") from error


@lru_cache(maxsize=256)
def _parse(path: Path, stamp: tuple[int, ...]) -> dict[str, Any]:
    """What stands in a file, as long as its `stamp` is the same: a run's settings take 10 ms to parse."""
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise WorkbenchError(f"{path.name} is not valid YAML.", "Compare it with a file in presets/runs.") from error
    if tree is not None and not isinstance(tree, dict):
        raise WorkbenchError(f"{path.name} holds no settings.", "Compare it with a file in presets/runs.")
    return tree or {}


def dump(config: RunConfig) -> str:
    """YAML with each setting's help beside it."""
    lines: list[str] = []
    section, settings = "", settings_of(config)
    for leaf in leaves(RunConfig):
        if leaf.path not in settings:
            continue
        if leaf.section != section:
            section = leaf.section
            lines.append(f"{section}:")
        name = leaf.path.partition(".")[2]
        lines.append(f"  {name}: {_scalar(settings[leaf.path])}  # {leaf.spec.label}")
    return "\n".join(lines) + "\n"


def _scalar(value: Any) -> str:
    return (
        yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**9).removesuffix("\n...\n").strip()
    )
