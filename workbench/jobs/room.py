"""Room on the disk: held for what must not fail, waited for where it lacks."""

import errno
import math
import os
import shutil
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says of a disk, or a share of it, that is full."""

LAST_WORDS_BYTES = 256 * 1024
"""What a few small files take at the most."""

_LEAST_BYTES = 64 * 1024


class Reserve:
    """Holds a part of a folder's disk until it is needed, by a file without a name: it goes with its process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None

    def hold(self, wanted_bytes: int) -> None:
        """Hold this much, unless something is held. Raises OSError, and holds nothing, where there is not so much."""
        if self._file:
            return
        if free_bytes(self._folder) < wanted_bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._folder))
        file = TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - it is held, as its name says
        try:
            _allocate(file.fileno(), wanted_bytes)
        except OSError:
            file.close()
            raise
        self._file = file

    def give_up(self) -> None:
        """Let it be used."""
        if self._file:
            self._file.close()
        self._file = None


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def has_room(folder: Path, wanted_bytes: int) -> bool:
    """Proved by holding it for a moment: what a quota allows is not in the count of free bytes."""
    if free_bytes(folder) < wanted_bytes:
        return False
    probe = Reserve(folder)
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
