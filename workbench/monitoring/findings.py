"""What the numbers of a run say, in a few plain sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.jobs.folder import ENDED
from workbench.monitoring.course import Course, System

_SETTLED_STEPS = 30
"""Fewer updates than this say nothing about a trend."""

_STILL = 0.02
_DIVERGED = 1.3
_RISEN = 1.03
_NEARLY_FULL = 0.93
_SWAP_GROWTH_GB = 0.3


@dataclass(frozen=True)
class Finding:
    """One sentence; a warning is about something to act on."""

    level: Literal["warning", "good"]
    sentence: str


def find(course: Course) -> list[Finding]:
    """What is worth saying about a run now; never empty."""
    status = course.run.status()
    sentences = [*_about_data(course), *_about_trend(course), *_about_memorising(course), *_about_swap(course.system)]
    if status.phase not in ENDED:
        sentences += _about_full_memory(course.system)
    if status.phase in ("failed", "interrupted"):
        sentences.insert(0, "The run ended before its last step; its message tells why.")
    return [Finding("warning", sentence) for sentence in sentences] or [Finding("good", _good_news(course))]


def _about_data(course: Course) -> Iterator[str]:
    facts = course.data_facts()
    if not facts:
        return
    cut, lost = facts["cut"], facts["nothing_to_learn"]
    if cut:
        yield (
            f"{cut} of {facts['rows']} examples {_were(cut)} cut to {course.most_tokens} tokens. "
            "A larger longest example keeps them whole."
        )
    if lost:
        yield (
            f"{lost} of {facts['rows'] + lost} examples {_were(lost)} left out: "
            f"nothing to learn was left of them within {course.most_tokens} tokens."
        )


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _about_trend(course: Course) -> Iterator[str]:
    smoothed = [value for value in course.smoothed if value is not None]
    if len(smoothed) < _SETTLED_STEPS:
        return
    start, now, lowest = max(smoothed[:10]), smoothed[-1], min(smoothed)
    if now > _DIVERGED * lowest and now > lowest + 0.1:
        step = course.metrics.steps[smoothed.index(lowest)]["step"]
        yield (
            f"The loss was {lowest:.2f} at step {step} and has risen to {now:.2f}. "
            "A lower learning speed is likely to help."
        )
    elif abs(start - now) < _STILL * start:
        yield (
            f"The loss has hardly moved in {len(smoothed)} updates. "
            "A higher learning speed or a larger adapter may help."
        )


def _about_memorising(course: Course) -> Iterator[str]:
    checks = course.checks()
    if len(checks) < 3:
        return
    best, last = min(checks, key=lambda row: row["eval_loss"]), checks[-1]
    if last["eval_loss"] <= _RISEN * best["eval_loss"] or not _still_falling_since(course, best["step"]):
        return
    yield (
        f"The loss on held-out examples was lowest at step {best['step']} ({best['eval_loss']:.2f}) and has risen to "
        f"{last['eval_loss']:.2f}, while the training loss falls: the model begins to memorise. Fewer passes would do."
    )


def _still_falling_since(course: Course, step: int) -> bool:
    since = [value for row, value in zip(course.metrics.steps, course.smoothed, strict=True) if row["step"] >= step]
    return len(since) > 1 and (since[-1] or 0.0) < (since[0] or 0.0)


def _about_full_memory(system: System) -> Iterator[str]:
    if system.last is None:
        return
    used, total = system.last["machine_ram_used_gb"], system.last["machine_ram_total_gb"]
    if used > _NEARLY_FULL * total:
        yield f"The memory is nearly full: {used:.1f} of {total:.1f} GB. Close other programs, or the run may be ended."


def _about_swap(system: System) -> Iterator[str]:
    if system.first is None or system.last is None:
        return
    grown = system.last["swap_gb"] - system.first["swap_gb"]
    if grown > _SWAP_GROWTH_GB:
        yield (
            f"{grown:.1f} GB were moved to swap during the run, which makes it slow. "
            "Gradient checkpointing or a shorter longest example need less memory."
        )


def _good_news(course: Course) -> str:
    checks = course.checks()
    if len(checks) >= 2 and checks[-1] == min(checks, key=lambda row: row["eval_loss"]):
        return "The loss on held-out examples is at its lowest yet. Nothing unusual."
    return "Nothing unusual."
