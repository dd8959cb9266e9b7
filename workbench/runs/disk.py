"""What takes room on the disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from workbench.runs.run_dir import RunDir


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


def _files(folder: Path) -> Iterator[os.stat_result]:
    """What vanishes meanwhile counts as nothing."""
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(f"{place}/{name}")
            except FileNotFoundError:
                continue
