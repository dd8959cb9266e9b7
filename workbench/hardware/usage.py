"""One sample of what a process tree, and the machine around it, uses."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

_GB = 1e9


class UsageSampler:
    """Samples a process and its children; CPU is measured between two samples."""

    def __init__(self, pid: int, disk: Path) -> None:
        self._pid = pid
        self._disk = disk
        self._cpu_seconds = _cpu_seconds(_tree(pid))
        self._at = time.monotonic()
        psutil.cpu_percent()

    def sample(self) -> dict[str, Any]:
        """RAM, swap and disk in GB, CPU in percent of one core (`cpu_percent`) and of the machine."""
        # Finding the children is most of what a sample costs.
        tree = _tree(self._pid)
        now, cpu_seconds = time.monotonic(), _cpu_seconds(tree)
        elapsed = max(now - self._at, 1e-3)
        percent = max(0.0, cpu_seconds - self._cpu_seconds) / elapsed * 100
        self._at, self._cpu_seconds = now, cpu_seconds
        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        return {
            "time": round(time.time(), 2),
            "ram_gb": round(_bytes(tree) / _GB, 3),
            "cpu_percent": round(percent, 1),
            "machine_ram_used_gb": round((memory.total - memory.available) / _GB, 3),
            "machine_ram_total_gb": round(memory.total / _GB, 3),
            "machine_cpu_percent": psutil.cpu_percent(),
            "swap_gb": round(swap.used / _GB, 3),
            "disk_free_gb": round(psutil.disk_usage(str(self._disk)).free / _GB, 2),
        }


def _tree(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _bytes(processes: list[psutil.Process]) -> float:
    return _sum(processes, lambda p: p.memory_info().rss)


def _cpu_seconds(processes: list[psutil.Process]) -> float:
    return _sum(processes, lambda p: sum(p.cpu_times()[:2]))


def _sum(processes: list[psutil.Process], ask: Callable[[psutil.Process], float]) -> float:
    """The sum over those that still run; one may end between being listed and being asked."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += ask(process)
    return total
