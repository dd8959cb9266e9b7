"""Sets that were deleted: kept for a week, so that a deletion can be taken back."""

import shutil
from pathlib import Path

from workbench.config.names import check_id
from workbench.data.sets.originals import sync
from workbench.data.sets.versions import versions
from workbench.errors import DataError
from workbench.jobs.trash import Trash


def delete(root: Path, name: str) -> None:
    """Take a set of the user's off the list, with all its versions. Runs hold their own copy of what they learned."""
    if not versions(root, name):
        raise DataError(f"There is no set “{name}” of yours.", "Samples cannot be deleted.")
    Trash(root / "data").take(root / "data" / name)
    sync(root / "data")


def undelete(root: Path, name: str) -> None:
    """Bring the set of this name back that was deleted last."""
    check_id(name, "name of a dataset")
    trash, target = Trash(root / "data"), root / "data" / name
    if not trash.holds(name):
        raise DataError(f"“{name}” cannot be brought back.", "Deleted sets are kept for a week.")
    if versions(root, name):
        raise DataError(f"There is a new set “{name}” by now.", "Delete that one first.")
    if target.exists():
        shutil.rmtree(target)
    trash.give_back(name)
    sync(root / "data")
