"""Checkpoints that were deleted: kept for a week in the folder of their run, and so wherever that goes."""

import time
from pathlib import Path

from workbench.errors import RunError
from workbench.jobs.folder import ENDED
from workbench.jobs.queue import Lock
from workbench.jobs.trash import destroy, is_old
from workbench.runs.disk import used_bytes, was_emptied
from workbench.runs.run_dir import RunDir

_PREFIX = ".checkpoints-"
"""Followed by when they were deleted, in nanoseconds."""


def delete_checkpoints(run: RunDir) -> int:
    """Take the checkpoints of an ended run away; its adapter stays. The answer is how many bytes that are.

    Raises RunError for a run that has not ended.
    """
    lock = Lock(run.path / "lock")
    try:
        phase = run.status().phase
        if phase not in ENDED or not lock.take():
            raise RunError(f"{run.name} has not ended, it is {phase}.", "Its checkpoints are needed to go on.")
        if was_emptied(run):
            return 0
        _purge(run.root)
        return used_bytes(run.checkpoints_dir.rename(run.path / f"{_PREFIX}{time.time_ns()}"))
    finally:
        lock.close()


def undelete_checkpoints(run: RunDir) -> None:
    """Bring back those that were deleted last. Raises RunError if that cannot be."""
    kept = deleted_checkpoints(run)
    if not kept:
        raise RunError(f"{run.name} has no deleted checkpoints.", "They are kept for a week.")
    if not was_emptied(run):
        raise RunError(f"{run.name} has checkpoints by now.", "Delete those first.")
    kept[-1].rename(run.checkpoints_dir)


def kept_bytes(run: RunDir) -> int:
    """What a run takes on the disk, without what is in the trash."""
    return used_bytes(run.path) - sum(used_bytes(folder) for folder in deleted_checkpoints(run))


def deleted_checkpoints(run: RunDir) -> list[Path]:
    """The folders that can be brought back, the oldest first."""
    return sorted(run.path.glob(f"{_PREFIX}*"), key=_deleted_at)


def all_deleted_checkpoints(root: Path) -> list[Path]:
    """Those of all runs that are not deleted themselves."""
    return list((root / "runs").glob(f"[!.]*/{_PREFIX}*"))


def cannot_resume(run: RunDir) -> RunError:
    """What to say of a run whose checkpoints were deleted, and what to do."""
    if deleted_checkpoints(run):
        hint = f"Bring them back: `python -m workbench restore {run.id}`, or the button in the Runs tab."
        return RunError(f"The checkpoints of {run.name} are in the trash.", hint)
    return RunError(f"The checkpoints of {run.name} were deleted.", "Start a new run with its settings instead.")


def _deleted_at(folder: Path) -> int:
    return int(folder.name.removeprefix(_PREFIX))


def _purge(root: Path) -> None:
    """Give the room of what was deleted long ago back."""
    for folder in all_deleted_checkpoints(root):
        if is_old(_deleted_at(folder)):
            destroy(folder, root / "runs")
