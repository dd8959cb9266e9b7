"""What the machine says about a run: memory, swap and processor. Each sign is one sentence or none."""

from statistics import median
from typing import Any

from workbench.jobs.files import read_json
from workbench.monitoring.course import Course

_NEARLY_FULL = 0.93
_SWAP_GROWTH_GB = 0.3
_SAMPLES = 10
_LITTLE, _ALL, _BUSY_PERCENT = 0.6, 0.8, 90
_STEPS = 50


def full_memory(course: Course) -> str | None:
    """The memory of the machine, or what this program may take of it, is nearly used up."""
    last = course.system.last
    if last is None:
        return None
    used, total = last["machine_ram_used_gb"], last["machine_ram_total_gb"]
    own, limit = last["ram_gb"], read_json(course.run.environment_path).get("ram_gb", total)
    if own > _NEARLY_FULL * limit:
        return f"The run uses {own:.1f} of the {limit:.1f} GB it may have, and may be ended. Shorter examples help."
    if used > _NEARLY_FULL * total:
        return f"The memory is nearly full: {used:.1f} of {total:.1f} GB. Close other programs, or the run may end."
    return None


def swapping(course: Course) -> str | None:
    """Memory went to the disk since the run began."""
    first, last = course.system.first, course.system.last
    if first is None or last is None or last["swap_gb"] - first["swap_gb"] <= _SWAP_GROWTH_GB:
        return None
    return (
        f"{last['swap_gb'] - first['swap_gb']:.1f} GB were moved to swap during the run, which makes it slow. "
        "Gradient checkpointing or a shorter longest example need less memory."
    )


def starved(course: Course) -> str | None:
    """Other programs take the processor."""
    recent, hardware = list(course.system.recent), course.config.hardware
    threads = int(hardware.threads)
    if len(recent) < _SAMPLES or _middle(recent, "machine_cpu_percent") < _BUSY_PERCENT:
        return None
    cores = _middle(recent, "cpu_percent") / 100
    if cores > _LITTLE * threads:
        return None
    polite = " “Use the whole machine” (priority normal) gives it its full share." if hardware.priority == "low" else ""
    return f"Other programs keep the processor busy: this run gets {cores:.1f} of its {threads} cores.{polite}"


def throttled(course: Course) -> str | None:
    """The processor is fully used and yet gets much less done than it did."""
    steps, recent = course.metrics.steps, list(course.system.recent)
    if len(steps) < 3 * _STEPS or len(recent) < _SAMPLES:
        return None
    before, now = (_middle(rows, "tokens_per_second") for rows in (steps[_STEPS : 2 * _STEPS], steps[-_STEPS:]))
    cores = _middle(recent, "cpu_percent") / 100
    if now > _LITTLE * before or cores < _ALL * int(course.config.hardware.threads):
        return None
    return (
        f"The processor has slowed down, though it is fully used: from {before:,.0f} to {now:,.0f} tokens a second. "
        "Heat and an empty battery are the usual causes."
    )


def _middle(rows: list[dict[str, Any]], name: str) -> float:
    return median(row[name] for row in rows)
