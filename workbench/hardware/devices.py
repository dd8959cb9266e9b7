"""What this machine has: processor, memory, accelerator. No torch unless asked for the accelerator."""

import os
import platform
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import psutil

from workbench.hardware.control_groups import groups
from workbench.hardware.gpu import is_hidden, look_at_gpu

_CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Machine:
    """The fixed facts of a machine."""

    cpu: str
    cores: int
    """Physical cores this process may use."""
    cpu_flags: frozenset[str]
    ram_gb: float
    gpu: str | None
    """Only one that the PyTorch installed here is built for."""


@cache
def machine() -> Machine:
    """This machine, as the operating system describes it."""
    info = _cpuinfo()
    return Machine(
        cpu=info.get("model name", platform.processor() or platform.machine()),
        cores=_usable_cores(),
        cpu_flags=frozenset(info.get("flags", "").split()),
        ram_gb=memory_limit_bytes() / 1e9,
        gpu=None if version("torch").endswith("+cpu") else _gpu_name(),
    )


def memory_limit_bytes() -> int:
    """RAM, or less where a control group limits it."""
    limits = (group.limit_bytes() for group in groups())
    return min([psutil.virtual_memory().total, *(limit for limit in limits if limit is not None)])


def free_memory_bytes() -> int:
    """What a new process may take without pushing others out, or past the limit of a control group."""
    left = (group.free_bytes() for group in groups())
    return min([psutil.virtual_memory().available, *(free for free in left if free is not None)])


def _usable_cores() -> int:
    allowed = len(os.sched_getaffinity(0))
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


def _cpuinfo() -> dict[str, str]:
    if not _CPUINFO.exists():
        return {}
    first = _CPUINFO.read_text().split("\n\n")[0]
    rows = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in rows}


def _gpu_name() -> str | None:
    """Read from the driver's files, since asking torch would load it. WSL 2 has none; there its tool is asked."""
    if is_hidden():
        return None
    for info in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        for line in info.read_text().splitlines():
            if line.startswith("Model:"):
                return line.partition(":")[2].strip()
    seen = look_at_gpu()
    return seen.name if seen else None
