"""The control groups around a process, and the memory they leave it: of version 2, and of version 1 on older hosts.

A container sees its own group as the highest. A limit holds for all groups below, so that every level counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_OF_THIS_PROCESS = Path("/proc/self")

_NO_LIMIT_BYTES = 2**60
"""Version 1 says a number that no machine has where it means none."""


@dataclass(frozen=True)
class _Version:
    """What its files are called."""

    limits: tuple[str, ...]
    used: str
    dropped_first: str
    """In memory.stat: pages of files that are dropped before anything is in want."""
    events: str


_V2 = _Version(("memory.max", "memory.high"), "memory.current", "inactive_file", "memory.events")
_V1 = _Version(("memory.limit_in_bytes",), "memory.usage_in_bytes", "total_inactive_file", "memory.oom_control")
_VERSIONS = {"cgroup2": _V2, "cgroup": _V1}


@dataclass(frozen=True)
class Group:
    """One level: a group, or one that it is part of."""

    folder: Path
    version: _Version

    def limit_bytes(self) -> int | None:
        """None where there is no limit."""
        texts = [_read(self.folder / name).strip() for name in self.version.limits]
        return min((int(text) for text in texts if text.isdigit() and int(text) < _NO_LIMIT_BYTES), default=None)

    def free_bytes(self) -> int | None:
        """What may still be taken, also by dropping pages of files. None where there is no limit."""
        limit, used = self.limit_bytes(), _read(self.folder / self.version.used).strip()
        if limit is None or not used.isdigit():
            return None
        return max(0, limit - int(used) + _number(self.folder / "memory.stat", self.version.dropped_first))

    def oom_kills(self) -> int:
        """How many of its processes the kernel has ended for want of memory."""
        return _number(self.folder / self.version.events, "oom_kill")


def groups(process: Path = _OF_THIS_PROCESS) -> list[Group]:
    """Those that a process is in, from its own to the highest that is seen here. `process` is its folder in /proc."""
    return [group for mount in _mounts(process) for group in mount.levels(_path_in(process, mount.version))]


@dataclass(frozen=True)
class _Mount:
    """Where groups are seen, and which of them is seen as the highest."""

    version: _Version
    root: PurePosixPath
    folder: Path

    def levels(self, path: PurePosixPath | None) -> Iterator[Group]:
        if path is None:
            return
        below = path.relative_to(self.root) if path.is_relative_to(self.root) and ".." not in path.parts else "."
        folder = self.folder / below
        for level in (folder, *folder.parents):
            yield Group(level, self.version)
            if level == self.folder:
                return


def _mounts(process: Path) -> Iterator[_Mount]:
    for line in _read(process / "mountinfo").splitlines():
        place, _, kind = line.partition(" - ")
        system, _, options = kind.split(" ", 2)
        if system == "cgroup2" or (system == "cgroup" and "memory" in options.split(",")):
            root, folder = place.split(" ")[3:5]
            yield _Mount(_VERSIONS[system], PurePosixPath(root), Path(folder))


def _path_in(process: Path, version: _Version) -> PurePosixPath | None:
    """A group by its name from the highest on."""
    for line in _read(process / "cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if (not controllers) if version is _V2 else "memory" in controllers.split(","):
            return PurePosixPath(path)
    return None


def _number(path: Path, name: str) -> int:
    """Of one line among several; 0 where it is not there."""
    found = re.search(rf"^{name} (\d+)$", _read(path), re.MULTILINE)
    return int(found[1]) if found else 0


def _read(path: Path) -> str:
    """What is not there says nothing: a group may end, and the highest has no limit."""
    try:
        return path.read_text()
    except OSError:
        return ""
