"""Memory and disk: what there is, what is free, and who else sets limits."""

from collections.abc import Iterator
from pathlib import Path

import psutil

from workbench.hardware.devices import free_memory_bytes, memory_limit_bytes
from workbench.jobs.room import free_bytes
from workbench.models.hub.cache import cache_folder
from workbench.monitoring.doctor.finding import Finding

_LITTLE_MEMORY_BYTES, _LITTLE_DISK_BYTES = 2e9, 5e9


def examine_memory() -> Iterator[Finding]:
    free, limit, total = free_memory_bytes(), memory_limit_bytes(), psutil.virtual_memory().total
    is_little = free < _LITTLE_MEMORY_BYTES
    advice = "Close other programs, or free the chat's memory; only small models fit." if is_little else ""
    yield Finding("memory", f"{_gb(free)} free of {_gb(limit)}", advice)
    if limit < total:
        yield Finding("limit", f"a control group keeps {_gb(limit)} of this machine's {_gb(total)} for what runs here")
    else:
        yield Finding("limit", "none by a control group")
    swap = psutil.swap_memory()
    yield Finding("swap", f"{_gb(swap.used)} in use of {_gb(swap.total)}" if swap.total else "none")


def examine_disk(root: Path) -> Iterator[Finding]:
    yield _disk("disk", root, "the workspace", "Make room: Clean up in the Runs tab shows what can go.")
    cache = cache_folder()
    if cache.is_dir() and cache.stat().st_dev != root.stat().st_dev:
        yield _disk("downloads", cache, "models of the hub, on another disk", "Make room, or name another in HF_HOME.")


def _disk(topic: str, folder: Path, purpose: str, advice: str) -> Finding:
    free = free_bytes(folder)
    return Finding(topic, f"{_gb(free)} free for {purpose}", advice if free < _LITTLE_DISK_BYTES else "")


def _gb(count: float) -> str:
    return f"{count / 1e9:.1f} GB"
