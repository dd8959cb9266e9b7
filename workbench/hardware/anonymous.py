"""What a process holds that no file backs: the memory that a machine runs out of. Now, and at most so far."""

import re
from pathlib import Path

import psutil

_GB = 1e9
_KERNEL_TELLS = Path("/proc/self/status").exists()
_OWN_KB = re.compile(rb"^(?:RssAnon|VmSwap):\s+(\d+) kB$", re.M)
"""What was moved to swap is the process's own all the same."""


class AnonymousMemory:
    """Of one process. A look takes some 20 µs; what comes and goes between two looks is not seen."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._now_bytes = 0
        self._peak_bytes = 0

    def look(self) -> None:
        """One that has ended stays as it was last seen."""
        self._now_bytes = anonymous_bytes(self._pid) or self._now_bytes
        self._peak_bytes = max(self._peak_bytes, self._now_bytes)

    @property
    def gb(self) -> float:
        return self._now_bytes / _GB

    @property
    def peak_gb(self) -> float:
        return self._peak_bytes / _GB


def anonymous_bytes(pid: int) -> int:
    """What a process holds now; 0 once it has ended."""
    try:
        if _KERNEL_TELLS:
            return 1024 * sum(map(int, _OWN_KB.findall(Path(f"/proc/{pid}/status").read_bytes())))
        return int(psutil.Process(pid).memory_info().rss)
    except (OSError, psutil.NoSuchProcess):
        return 0
