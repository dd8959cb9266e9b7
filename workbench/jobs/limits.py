"""Whether the kernel ended a process for want of memory."""

import re
from pathlib import Path

from workbench.hardware.control_groups import groups

_MACHINE = Path("/proc/vmstat")
_KILLS = re.compile(r"^oom_kill (\d+)$", re.MULTILINE)


class OomKills:
    """Those that the kernel counts from now on, on this machine or in the control groups of a process."""

    def __init__(self, pid: int) -> None:
        self._groups = groups(Path(f"/proc/{pid}"))
        self._before = self._count()

    def have_risen(self) -> bool:
        """Also asked after the process has ended, when nobody can tell its groups any more."""
        return self._count() > self._before

    def _count(self) -> int:
        """Some are counted in several places, so that only a rise means something."""
        found = _KILLS.search(_MACHINE.read_text()) if _MACHINE.exists() else None
        return sum(group.oom_kills() for group in self._groups) + (int(found[1]) if found else 0)
