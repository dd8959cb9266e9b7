"""What this machine has of what the workbench uses, and what would make it better. No torch in this process."""

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from workbench import __version__
from workbench.hardware.devices import free_memory_bytes, machine, memory_limit_bytes
from workbench.jobs.allocator import find_allocator
from workbench.jobs.environment import worker_environment
from workbench.jobs.room import free_bytes

_LIBRARIES = ("torch", "transformers", "peft", "bitsandbytes", "datasets", "gradio")
_COMPILERS = ("gcc", "cc", "clang")
_MATRIX_FLAGS = {
    "amx_bf16": "AMX: bf16 products of matrices",
    "avx512_bf16": "AVX-512 with bf16",
    "avx512f": "AVX-512",
    "avx2": "AVX2",
}
"""What a processor offers for products, the best first."""

_LITTLE_MEMORY_BYTES, _LITTLE_DISK_BYTES = 2e9, 5e9
_REPORT_SECONDS = 300


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, what is there, and what to do about it if anything."""

    topic: str
    value: str
    advice: str = ""


def examine(root: Path) -> list[Finding]:
    """Takes seconds: the kernels of the fast path are built if they are not there, and tried.

    No path, user or host name is told, so that the findings can be shown to others.
    """
    return [*_system(), *_memory(), _disk(root), _gpu(), _compiler(), _fast_path(root), _allocator(), *_libraries()]


def as_text(findings: list[Finding]) -> str:
    """For a terminal, or to be sent to somebody who helps."""
    width = max(len(finding.topic) for finding in findings)
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{finding.topic:<{width}}  {finding.value}")
        if finding.advice:
            lines.append(f"{'':<{width}}  → {finding.advice}")
    return "\n".join(lines)


def as_json(findings: list[Finding]) -> list[dict[str, str]]:
    return [asdict(finding) for finding in findings]


def _system() -> Iterator[Finding]:
    here = machine()
    best = next((words for flag, words in _MATRIX_FLAGS.items() if flag in here.cpu_flags), platform.machine())
    yield Finding("workbench", __version__)
    yield Finding("system", f"{platform.system()} {platform.release()}, Python {platform.python_version()}")
    yield Finding("processor", f"{here.cpu}, {here.cores} {'core' if here.cores == 1 else 'cores'}")
    yield Finding("instructions", best)


def _memory() -> Iterator[Finding]:
    free, limit, swap = free_memory_bytes(), memory_limit_bytes(), psutil.swap_memory().total
    is_little = free < _LITTLE_MEMORY_BYTES
    advice = "Close other programs, or free the chat's memory; only small models fit." if is_little else ""
    yield Finding("memory", f"{_gb(free)} free of {_gb(limit)}", advice)
    yield Finding("swap", _gb(swap) if swap else "none")


def _disk(root: Path) -> Finding:
    free = free_bytes(root)
    advice = "Make room: Clean up in the Runs tab shows what can go." if free < _LITTLE_DISK_BYTES else ""
    return Finding("disk", f"{_gb(free)} free for the workspace", advice)


def _gpu() -> Finding:
    return Finding("gpu", machine().gpu or "none; everything runs on the processor")


def _compiler() -> Finding:
    found = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if found is None:
        return Finding("compiler", "none", "Install one, such as sudo apt install gcc: the fast path needs it once.")
    told = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=_REPORT_SECONDS)
    return Finding("compiler", told.stdout.partition("\n")[0])


def _fast_path(root: Path) -> Finding:
    command = [sys.executable, "-m", "workbench.engine.report", str(root / "cache" / "kernels")]
    told = subprocess.run(
        command, env=worker_environment(), capture_output=True, text=True, timeout=_REPORT_SECONDS, check=False
    )
    if told.returncode:
        return Finding("fast path", "it could not be tried", told.stderr.strip().rpartition("\n")[2][:200])
    kernels = json.loads(told.stdout)
    if kernels["kernels"] == "c":
        return Finding("fast path", "kernels in C, built for this processor")
    return Finding("fast path", "without kernels in C, several times slower", kernels["reason"])


def _allocator() -> Finding:
    if find_allocator():
        return Finding("allocator", "tcmalloc")
    advice = "sudo apt install libtcmalloc-minimal4 makes what is not on the fast path 1.3 times as fast."
    return Finding("allocator", "the system's own", advice)


def _libraries() -> Iterator[Finding]:
    for name in _LIBRARIES:
        try:
            yield Finding(name, version(name))
        except PackageNotFoundError:
            yield Finding(name, "missing", "Run make run again: it installs what is missing.")


def _gb(count: float) -> str:
    return f"{count / 1e9:.1f} GB"
