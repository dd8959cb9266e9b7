"""Sets that were deleted: kept for a week, so that a deletion can be taken back."""

import shutil
import time
from pathlib import Path

from workbench.config.names import check_id
from workbench.data.sets.originals import sync
from workbench.data.sets.versions import versions
from workbench.errors import DataError

_KEPT_SECONDS = 7 * 24 * 3600


def delete(root: Path, name: str) -> None:
    """Take a set of the user's off the list, with all its versions. Runs hold their own copy of what they learned."""
    if not versions(root, name):
        raise DataError(f"There is no set “{name}” of yours.", "Samples cannot be deleted.")
    _purge(root)
    place = _trash(root) / str(time.time_ns())
    place.mkdir(parents=True)
    (root / "data" / name).rename(place / name)
    sync(root / "data")


def undelete(root: Path, name: str) -> None:
    """Bring the set of this name back that was deleted last."""
    check_id(name, "name of a dataset")
    deleted = sorted(_trash(root).glob(f"*/{name}"), key=lambda path: int(path.parent.name))
    if not deleted:
        raise DataError(f"“{name}” cannot be brought back.", "Deleted sets are kept for a week.")
    if versions(root, name):
        raise DataError(f"There is a new set “{name}” by now.", "Delete that one first.")
    target = root / "data" / name
    if target.exists():
        shutil.rmtree(target)
    deleted[-1].rename(target)
    deleted[-1].parent.rmdir()
    sync(root / "data")


def _trash(root: Path) -> Path:
    return root / "data" / ".trash"


def _purge(root: Path) -> None:
    """Give the room of what was deleted long ago back."""
    for place in _trash(root).glob("*"):
        if time.time_ns() - int(place.name) > _KEPT_SECONDS * 10**9:
            shutil.rmtree(place)
