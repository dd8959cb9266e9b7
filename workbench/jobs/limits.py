"""Whether the kernel ended a process for want of memory."""

import re
from pathlib import Path

_GLOBAL = Path("/proc/vmstat")
_CGROUP = Path("/sys/fs/cgroup/memory.events")


def oom_kills() -> int:
    """How many processes the kernel has ended for memory, on this machine or in this control group."""
    counts = (re.search(r"^oom_kill (\d+)$", path.read_text(), re.M) for path in (_GLOBAL, _CGROUP) if path.exists())
    return sum(int(match.group(1)) for match in counts if match)
