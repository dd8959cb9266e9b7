"""What a run takes on the disk, and how to get a part of it back."""

import os
import shutil
from pathlib import Path

from workbench.errors import RunError
from workbench.jobs.folder import ENDED
from workbench.runs.run_dir import RunDir


def used_bytes(folder: Path) -> int:
    """All files below a folder; what vanishes meanwhile counts as nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(f"{place}/{name}").st_size
            except FileNotFoundError:
                continue
    return total


def has_checkpoints(run: RunDir) -> bool:
    """False also after they were deleted; then the run cannot be resumed, see `was_emptied`."""
    return run.checkpoints_dir.exists() and any(run.checkpoints_dir.iterdir())


def was_emptied(run: RunDir) -> bool:
    """Whether the checkpoints were deleted: every run begins with a folder for them."""
    return not run.checkpoints_dir.exists()


def delete_checkpoints(run: RunDir) -> int:
    """Give back the room of an ended run's checkpoints; its adapter stays. The answer is how many bytes that were.

    Raises RunError for a run that has not ended.
    """
    phase = run.status().phase
    if phase not in ENDED:
        raise RunError(f"{run.name} has not ended, it is {phase}.", "Its checkpoints are needed to go on.")
    freed = used_bytes(run.checkpoints_dir)
    if not was_emptied(run):
        # Renamed first, so that a crash on the way leaves no half checkpoint that a later start would trust.
        doomed = run.checkpoints_dir.rename(run.path / ".checkpoints-deleted")
        shutil.rmtree(doomed)
    return freed
