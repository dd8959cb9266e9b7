"""The models on this computer: the starter, the workspace's own folder, and the Hugging Face cache."""

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from workbench.errors import ModelError
from workbench.models.facts import ModelFacts, facts

STARTER = "starter"
STARTER_FOLDER = Path(__file__).parents[2] / "presets" / "model"

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def list_models(root: Path) -> list[ModelFacts]:
    """Every model that can be chosen by name; those that cannot be tuned come with their reason."""
    return [facts(folder, name) for name, folder in _folders(root).items()]


def names(root: Path) -> list[str]:
    """What can be chosen by name, from the names of the folders alone: nothing in them is read."""
    return list(_folders(root))


def find(path: str, root: Path) -> Path:
    """The folder that `path` means: `starter`, a name in the list, or a folder.

    Raises ModelError, naming what comes near, if there is none.
    """
    known = _folders(root)
    if path in known:
        return known[path]
    folder = Path(path).expanduser()
    # The starter is never whatever folder of that name the command happens to be run beside.
    if path not in ("", STARTER) and folder.is_dir():
        return folder.resolve()
    if folder.is_file():
        raise ModelError(f"“{path}” is a file, not a model folder.", f"Choose its folder: {folder.parent}")
    raise _unknown(path, list(known))


def _folders(root: Path) -> dict[str, Path]:
    # Later entries do not replace earlier ones: nothing in the cache may pass for the starter.
    folders: dict[str, Path] = {}
    for name, folder in (*_starter(), *_own(root / "models"), *_cached(_cache_folder())):
        folders.setdefault(name, folder)
    return folders


def _starter() -> Iterator[tuple[str, Path]]:
    if (STARTER_FOLDER / "config.json").exists():
        yield STARTER, STARTER_FOLDER


def _own(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir() and not path.name.startswith("."):
            yield path.name, path


def _cached(folder: Path) -> Iterator[tuple[str, Path]]:
    """The newest snapshot of each repository that holds a model."""
    for repository in sorted(folder.glob("models--*")):
        snapshots = [path.parent for path in repository.glob("snapshots/*/config.json")]
        if snapshots:
            name = repository.name.removeprefix("models--").replace("--", "/")
            yield name, max(snapshots, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _cache_folder() -> Path:
    """Where huggingface_hub keeps downloads, by the rules of its documentation."""
    if cache := os.environ.get("HF_HUB_CACHE"):
        return Path(cache).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "huggingface" / "hub"


def _unknown(path: str, names: list[str]) -> ModelError:
    near = difflib.get_close_matches(path, names, n=3, cutoff=0.4)
    choices = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names) or 'none yet'}."
    if path == STARTER:
        return ModelError("The starter model is not in this copy of the workbench.", f"Choose another. {choices}")
    if _HUB_ID.fullmatch(path):
        return ModelError(f"“{path}” is not on this computer, and nothing is downloaded unasked.", choices)
    return ModelError(f"There is no model “{path[:200]}”.", f"{choices} A folder's path works too.")
