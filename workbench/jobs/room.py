"""Room on the disk: held for what must not fail, waited for where it lacks."""

import errno
import math
import os
import shutil
from pathlib import Path

NO_ROOM = os.EX_TEMPFAIL
"""The exit code of a worker that ended for want of room: its keeper lets it go on when there is some."""

LAST_WORDS_BYTES = 256 * 1024
"""What a few small files take at the most."""

_LEAST_BYTES = 64 * 1024


class Reserve:
    """A file that holds a part of the disk until it is needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_held = False

    def hold(self, wanted_bytes: int) -> None:
        """Hold this much, unless something is held. Raises OSError, and holds nothing, where there is not so much."""
        if self._is_held:
            return
        if free_bytes(self._path.parent) < wanted_bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
        try:
            with self._path.open("wb", buffering=0) as file:
                _allocate(file.fileno(), wanted_bytes)
        except OSError:
            self.give_up()
            raise
        self._is_held = True

    def give_up(self) -> None:
        """Let it be used; also what an earlier process has left."""
        self._path.unlink(missing_ok=True)
        self._is_held = False


def last_words(folder: Path) -> Reserve:
    """The reserve that lets a job say what became of it when all else of the disk is full."""
    return Reserve(folder / ".reserve")


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def has_room(folder: Path, wanted_bytes: int) -> bool:
    """Proved by holding it for a moment: what a quota allows is not in the count of free bytes."""
    if free_bytes(folder) < wanted_bytes:
        return False
    probe = Reserve(folder / ".probe")
    try:
        probe.hold(wanted_bytes)
    except OSError:
        return False
    probe.give_up()
    return True


def tell_lack(folder: Path, needed_bytes: int) -> str:
    return f"The disk is full: {compare_room(folder, needed_bytes)}."


def compare_room(folder: Path, needed_bytes: int) -> str:
    """How much is needed and how much there is, for a person."""
    return f"{_size(math.ceil(needed_bytes / 1e6))} are needed, {_size(int(free_bytes(folder) / 1e6))} are free"


def obstacle(folder: Path) -> str | None:
    """Why nothing can be written to a folder now; None if something can."""
    if not os.access(folder, os.W_OK):
        return f"The folder {folder.name} cannot be written to."
    return "The disk is full." if free_bytes(folder) < _LEAST_BYTES else None


def _size(mb: int) -> str:
    return f"{mb} MB" if mb < 1000 else f"{mb / 1000:.1f} GB"


def _allocate(descriptor: int, wanted_bytes: int) -> None:
    """Without writing, where the file system can."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, wanted_bytes)
    else:
        os.write(descriptor, bytes(wanted_bytes))
