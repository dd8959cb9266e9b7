"""Groups of processes that the kernel lets have only so much memory, where one may be made.

Version 1 of control groups, whose folders stand apart for each resource, and version 2, which has one tree. There the
group is made beside our own, since one that holds processes can have none below it.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TREE = Path("/sys/fs/cgroup")
_OURS = Path("/proc/self/cgroup")
_REMOVE_SECONDS = 5.0
"""How long the kernel may take to let go of a group whose processes have ended."""


class NoGroupError(OSError):
    """No group can be made here; the words are the reason."""


@dataclass(frozen=True)
class LimitedGroup:
    """Those in it, and all that they start from then on, have so much memory together."""

    folder: Path

    def add(self, pid: int) -> None:
        """Put a process into it. What it holds already stays on the account of the group that it was in."""
        (self.folder / "cgroup.procs").write_text(str(pid))


@contextmanager
def limited_group(limit_bytes: int) -> Iterator[LimitedGroup]:
    """Gone when left, by when its processes have to have ended. Raises NoGroupError where none can be made."""
    folder = _parent() / f"workbench-{os.getpid()}-{time.monotonic_ns()}"
    try:
        folder.mkdir()
    except OSError as error:
        raise NoGroupError(f"a control group cannot be made in {folder.parent}: {error.strerror}") from error
    try:
        _limit(folder, limit_bytes)
        yield LimitedGroup(folder)
    finally:
        _remove(folder)


def _parent() -> Path:
    if (_TREE / "memory").is_dir():
        return _TREE / "memory"
    if not (_TREE / "cgroup.controllers").exists():
        raise NoGroupError(f"{_TREE} has no control groups")
    own = next(line for line in _OURS.read_text().splitlines() if line.startswith("0::"))
    return (_TREE / own.removeprefix("0::/")).parent if own != "0::/" else _TREE


def _limit(folder: Path, limit_bytes: int) -> None:
    """Of memory, and nothing of it in swap."""
    is_first = folder.parent == _TREE / "memory"
    name, swap, in_swap = (
        ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", limit_bytes)
        if is_first
        else ("memory.max", "memory.swap.max", 0)
    )
    if not (folder / name).exists():
        raise NoGroupError(f"groups in {folder.parent} cannot be limited in memory")
    (folder / name).write_text(str(limit_bytes))
    if (folder / swap).exists():
        (folder / swap).write_text(str(in_swap))


def _remove(folder: Path) -> None:
    deadline = time.monotonic() + _REMOVE_SECONDS
    while True:
        try:
            folder.rmdir()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
