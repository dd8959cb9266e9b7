"""What takes room on the disk, and how to give it back so that nothing half is left."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from workbench.runs.run_dir import RunDir

_DOOMED = ".doomed-"


def used_bytes(folder: Path) -> int:
    """All files below a folder."""
    return sum(stat.st_size for stat in _files(folder))


def total_bytes(folder: Path) -> int:
    """The same, but a file that stands in two places counts once: runs share their rows with the cache."""
    return sum({(stat.st_dev, stat.st_ino): stat.st_size for stat in _files(folder)}.values())


def freed_bytes(folder: Path) -> int:
    """What deleting a folder gives back: not the files that also stand elsewhere."""
    return sum(stat.st_size for stat in _files(folder) if stat.st_nlink == 1)


def has_checkpoints(run: RunDir) -> bool:
    """False also after they were deleted; then the run cannot be resumed, see `was_emptied`."""
    return run.checkpoints_dir.exists() and any(run.checkpoints_dir.iterdir())


def was_emptied(run: RunDir) -> bool:
    """Whether the checkpoints were deleted: every run begins with a folder for them."""
    return not run.checkpoints_dir.exists()


def destroy(folder: Path, area: Path) -> None:
    """Delete a folder for good. It leaves its place at once, so that a crash on the way leaves nothing half there."""
    # Another process may delete the same at this moment.
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder.rename(area / f"{_DOOMED}{time.time_ns()}"))


def half_destroyed(area: Path) -> list[Path]:
    """What a crash left of folders that were to be deleted for good."""
    return list(area.glob(f"{_DOOMED}*"))


def _files(folder: Path) -> Iterator[os.stat_result]:
    """What vanishes meanwhile counts as nothing."""
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(f"{place}/{name}")
            except FileNotFoundError:
                continue
