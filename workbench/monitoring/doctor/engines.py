"""Which engine computes here and why, what its kernels are built with, and what keeps a run from the fast path."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.config.build import build
from workbench.engine.coverage import FORMATS, why_not
from workbench.engine.shape_reading import KINDS
from workbench.hardware.devices import machine
from workbench.jobs.allocator import find_allocator
from workbench.jobs.environment import worker_environment
from workbench.models.catalog import STARTER_FOLDER
from workbench.models.facts import facts
from workbench.monitoring.doctor.finding import Finding

_COMPILERS = ("gcc", "cc", "clang")
_REPORT_SECONDS = 300

_USUAL: dict[str, Any] = {"model.precision": "fp32"}
_UNUSUAL: tuple[dict[str, Any], ...] = (
    {"method.name": "loha"},
    {"method.init": "pissa"},
    {"method.use_dora": True},
    {"method.modules_to_save": "lm_head"},
    {"model.precision": "fp16"},
    {"model.merged": "another"},
    {"training.neftune_noise_alpha": 5.0},
    {"training.batching": "padded"},
    {"training.gradient_checkpointing": True},
)
"""Settings each of which keeps a run from the fast path; what covers runs says it in its own words."""


def examine_engines(root: Path) -> Iterator[Finding]:
    """Takes seconds: the kernels are built if they are not there, and tried."""
    yield _compiler()
    yield _kernels(root)
    yield _engine()
    yield Finding("fast path", f"LoRA and QLoRA on models built like {', '.join(KINDS)}, stored in {_either(FORMATS)}")
    yield Finding("its limits", "; ".join(_obstacles()))
    yield _allocator()


def _compiler() -> Finding:
    found = next(filter(None, map(shutil.which, _COMPILERS)), None)
    if found is None:
        return Finding("compiler", "none", "Install one, such as sudo apt install gcc: the fast path needs it once.")
    told = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=_REPORT_SECONDS, check=False)
    return Finding("compiler", told.stdout.partition("\n")[0])


def _kernels(root: Path) -> Finding:
    command = [sys.executable, "-m", "workbench.engine.report", str(root / "cache" / "kernels")]
    told = subprocess.run(
        command, env=worker_environment(), capture_output=True, text=True, timeout=_REPORT_SECONDS, check=False
    )
    if told.returncode:
        return Finding("kernels", "they could not be tried", told.stderr.strip().rpartition("\n")[2][:200])
    kernels = json.loads(told.stdout)
    if kernels["kernels"] == "c":
        return Finding("kernels", "in C, built for this processor, and tried")
    return Finding("kernels", "in torch instead of C, several times slower", kernels["reason"])


def _engine() -> Finding:
    reason = _why_not(_USUAL, gpu=machine().gpu)
    chosen = f"the standard path: {reason}" if reason else "the fast path where it covers a run, else the standard path"
    return Finding("engine", chosen)


def _obstacles() -> Iterator[str]:
    """What keeps a run off it, without the words that all these sentences begin and end with."""
    for settings in _UNUSUAL:
        if reason := _why_not(_USUAL | settings, gpu=None):
            yield reason.removeprefix("The fast path ").rstrip(".")


def _why_not(settings: dict[str, Any], gpu: str | None) -> str | None:
    return why_not(build(settings), facts(STARTER_FOLDER), replace(machine(), gpu=gpu))


def _allocator() -> Finding:
    if find_allocator():
        return Finding("allocator", "tcmalloc")
    advice = "sudo apt install libtcmalloc-minimal4 makes what is not on the fast path 1.3 times as fast."
    return Finding("allocator", "the system's own", advice)


def _either(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"
