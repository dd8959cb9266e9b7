"""The models on this computer: the starter, the workspace's own folder, and the Hugging Face cache."""

import difflib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from workbench.errors import ModelError
from workbench.hub.names import ID, fits
from workbench.models import layouts
from workbench.models.facts import ModelFacts, facts
from workbench.models.hub.cache import repositories
from workbench.models.hub.request import USUAL_REVISION

STARTER = "starter"
STARTER_FOLDER = Path(__file__).parents[2] / "presets" / "model"


def list_models(root: Path) -> list[ModelFacts]:
    """Every model that can be chosen by name; those that cannot be tuned come with their reason."""
    return [layouts.recall(_look_at(path, name), root) for name, path in _folders(root).items()]


def names(root: Path) -> list[str]:
    """What can be chosen by name, from the names of the folders alone: no model is read."""
    return list(_folders(root))


def find(path: str, root: Path) -> Path:
    """The folder that `path` means: `starter`, a name in the list, or a folder.

    Raises ModelError, naming what comes near, if there is none.
    """
    known = _folders(root)
    if path in known and known[path].is_file():
        raise _for_running(path)
    if path in known:
        return known[path]
    folder = Path(path).expanduser()
    # The starter is never whatever folder of that name the command happens to be run beside.
    if path not in ("", STARTER) and folder.is_dir():
        return folder.resolve()
    if folder.is_file():
        raise ModelError(f"“{path}” is a file, not a model folder.", f"Choose its folder: {folder.parent}")
    raise _unknown(path, list(known))


def add_folder(root: Path, folder: Path) -> str:
    """Have a model folder that lies elsewhere in the list, by a link to it; returns what it is called there.

    Raises ModelError for one that cannot be tuned, or whose name is taken.
    """
    known = facts(folder.expanduser().resolve())
    if not known.tunable:
        raise ModelError(f"“{folder}” cannot be tuned.", str(known.reason))
    link = root / "models" / known.name
    if link.is_symlink() and link.resolve() == known.path:
        return known.name
    if known.name in names(root) or link.is_symlink() or link.exists():
        raise ModelError(f"There is a model called {known.name} already.", "Give the folder another name.")
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(known.path)
    return known.name


def _folders(root: Path) -> dict[str, Path]:
    # Later entries do not replace earlier ones: nothing in the cache may pass for the starter.
    folders: dict[str, Path] = {}
    for name, folder in (*_starter(), *_own(root / "models"), *_cached()):
        folders.setdefault(name, folder)
    return folders


def _look_at(path: Path, name: str) -> ModelFacts:
    """What lies there; what cannot be read, or has just gone, is no reason to show no list."""
    if _is_gguf(path):
        return ModelFacts(name, path, size_gb=path.stat().st_size / 1e9, reason=str(_for_running(name)))
    try:
        return _facts(path, name, _stamp(path))
    except OSError as error:
        return ModelFacts(name, path, reason=f"It cannot be read: {error.strerror}. Check who may read its folder.")


@lru_cache(maxsize=256)
def _facts(folder: Path, name: str, stamp: frozenset[tuple[str, int, int]]) -> ModelFacts:
    """The list is asked for again and again; a folder whose files are the same holds the same model."""
    return facts(folder, name)


def _stamp(folder: Path) -> frozenset[tuple[str, int, int]]:
    stats = ((path.name, path.stat()) for path in folder.iterdir() if path.exists())
    return frozenset((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def _is_gguf(path: Path) -> bool:
    return path.suffix == ".gguf" and path.is_file()


def _starter() -> Iterator[tuple[str, Path]]:
    if (STARTER_FOLDER / "config.json").exists():
        yield STARTER, STARTER_FOLDER


def _own(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if (path.is_dir() and not path.name.startswith(".")) or _is_gguf(path):
            yield path.name, path


def _cached() -> Iterator[tuple[str, Path]]:
    """What the Hugging Face cache holds: each repository as it usually is, and other revisions of it by their names."""
    for repository in repositories():
        whole = {folder.name: folder for folder in repository.snapshots() if _is_worth_listing(folder)}
        revisions = repository.revisions()
        usual = whole.get(revisions.pop(USUAL_REVISION, "")) or _newest(whole, set(revisions.values()))
        if usual:
            yield repository.id, usual
        for revision, commit in revisions.items():
            if commit in whole:
                yield f"{repository.id}@{revision}", whole[commit]


def _newest(snapshots: dict[str, Path], named: set[str]) -> Path | None:
    """Of those that nobody asked for by the name of a revision."""
    unnamed = [folder for commit, folder in snapshots.items() if commit not in named]
    return max(unnamed, key=lambda folder: (folder.stat().st_mtime_ns, folder.name), default=None)


def _is_worth_listing(folder: Path) -> bool:
    """Whether it is a model, or what may be taken for one; other repositories hold a tokenizer alone, or pictures."""
    names = {path.name for path in folder.iterdir() if path.exists()}
    return bool(names & {"config.json", "adapter_config.json"}) or any(name.endswith(".gguf") for name in names)


def _for_running(name: str) -> ModelError:
    message = f"{name} is a GGUF file, which is for running a model, not for tuning it."
    return ModelError(message, "Choose the original model.")


def _unknown(path: str, names: list[str]) -> ModelError:
    near = difflib.get_close_matches(path, names, n=3, cutoff=0.4)
    choices = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names) or 'none yet'}."
    if path == STARTER:
        return ModelError("The starter model is not in this copy of the workbench.", f"Choose another. {choices}")
    if fits(ID, path):
        message = f"“{path}” is not on this computer, and nothing is downloaded unasked."
        return ModelError(message, f"{choices} To download it: python -m workbench fetch {path}")
    return ModelError(f"There is no model “{path[:200]}”.", f"{choices} A folder's path works too.")
