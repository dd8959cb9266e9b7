"""What the curves of a run say: whether it learns, breaks down, or memorises. Each sign is one sentence or none."""

import math
from bisect import bisect_left
from itertools import pairwise, takewhile
from operator import itemgetter
from statistics import fmean, median

from workbench.monitoring.course import Course
from workbench.monitoring.series import Window, windows
from workbench.runs.thinned import stands_for

FEW_UPDATES = 30
"""Fewer than these say nothing about a trend, and change little."""

_AT_START = 5
_DIVERGED = 3.0
_RISEN = 1.25
_CLIMBS, _LOOKED_BACK = 4, 40
_LARGE_NORM, _GROWN = 10.0, 20.0
_REMEMBERED = 500
_ZEROS = 5
_STILL = 0.02
_KNOWN = 0.05
_ERRORS = 3.0
_WORSE_CHECK = 1.03


def find_trouble(course: Course) -> str | None:
    """The gravest trouble with the curves; the others would only follow from it."""
    signs = (broken, diverged, rising, without_gradient, exploding, still)
    return next((sentence for sign in signs if (sentence := sign(course))), None)


def broken(course: Course) -> str | None:
    """The last check on held-out examples gave no number. Without one, an update ends the run, whose message tells."""
    last = course.metrics.evaluations[-1] if course.metrics.evaluations else None
    if last is None or last["eval_loss"] is not None:
        return None
    return (
        f"The check on held-out examples at step {last['step']} gave no number: it has broken down. {_slower(course)}"
    )


def diverged(course: Course) -> str | None:
    """The loss is far above where it began."""
    losses = course.losses
    if len(losses) < 2 * _AT_START:
        return None
    start, now = fmean(losses[:_AT_START]), fmean(losses[-_AT_START:])
    if now <= _DIVERGED * start or now <= start + 1:
        return None
    return f"The loss began at {start:.2f} and is now {now:.2f}: the run has diverged. {_slower(course)}"


def rising(course: Course) -> str | None:
    """The loss climbs, by more than the trembling of small batches explains."""
    losses = course.losses
    size = min(50, max(10, len(losses) // 10))
    latest = windows(losses[-_CLIMBS * size :], size)
    if len(latest) < _CLIMBS or not _climb(latest):
        return None
    means = windows(losses[-_LOOKED_BACK * size :], size)
    lowest, now = min(means, key=lambda window: window.mean), means[-1]
    chance = _ERRORS * math.hypot(lowest.error, now.error)
    if now.mean < _RISEN * lowest.mean or now.mean - lowest.mean < chance:
        return None
    step = course.metrics.steps[-1]["step"] - size * (len(means) - 1 - means.index(lowest))
    return f"The loss was {lowest.mean:.2f} up to step {step} and has risen to {now.mean:.2f}. {_slower(course)}"


def without_gradient(course: Course) -> str | None:
    """Nothing pulls at the adapter."""
    zeros = takewhile(lambda row: row["grad_norm"] == 0, reversed(course.metrics.steps))
    count = round(sum(map(stands_for, zeros)))
    if count < _ZEROS:
        return None
    return (
        f"The gradient has been zero for {count} updates, so nothing is learned. "
        "The usual cause is examples without an answer to learn from; look at them in the Data tab."
    )


def exploding(course: Course) -> str | None:
    """The pull on the adapter is far stronger than it used to be."""
    norms = [row["grad_norm"] for row in course.metrics.steps[-_REMEMBERED:] if row["grad_norm"] is not None]
    if len(norms) < FEW_UPDATES:
        return None
    usual, now = median(norms[:-_AT_START]), median(norms[-_AT_START:])
    if now < _LARGE_NORM or now < _GROWN * usual:
        return None
    return f"The gradient norm has grown from about {usual:.2g} to {now:.2g}, so it may break down. {_slower(course)}"


def still(course: Course) -> str | None:
    """Neither the loss nor the check moves, though the warm-up is over and there is something to learn."""
    losses, steps = course.losses, course.run.status().steps
    settings = course.config.training
    soon = max(FEW_UPDATES + settings.warmup_ratio * steps, 0.1 * steps)
    if len(losses) < FEW_UPDATES or course.updates < soon:
        return None
    size = min(_REMEMBERED, len(losses) // 3)
    first, now = fmean(losses[:size]), fmean(losses[-size:])
    if first < _KNOWN or abs(first - now) > _STILL * first or _check_fell(course):
        return None
    return (
        f"The loss has hardly moved in {course.updates} updates: {first:.2f} at first, {now:.2f} now. "
        f"Three times the learning speed ({3 * float(settings.learning_rate):.2g}) or a larger adapter may help."
    )


def memorising(course: Course) -> str | None:
    """The check gets worse while the training loss still falls."""
    checks = course.checks()
    if len(checks) < 3:
        return None
    best, last = min(checks, key=lambda row: row["eval_loss"]), checks[-1]
    if last["eval_loss"] <= _WORSE_CHECK * best["eval_loss"] or not _still_falling_since(course, best["step"]):
        return None
    when = f"at step {best['step']}" if best["step"] else "before training"
    return (
        f"The loss on held-out examples was lowest {when} ({best['eval_loss']:.2f}) and has risen to "
        f"{last['eval_loss']:.2f}, while the training loss falls: the model begins to memorise. Fewer passes would do."
    )


def too_short(course: Course) -> str | None:
    """So few updates that little can have changed."""
    steps = course.run.status().steps
    if not 0 < steps < FEW_UPDATES:
        return None
    return f"This run has only {steps} updates, too few to change how it talks. More passes or more examples help."


def _slower(course: Course) -> str:
    rate = float(course.config.training.learning_rate)
    return f"A lower learning speed is likely to help, such as a third of it ({rate / 3:.2g})."


def _climb(means: list[Window]) -> bool:
    return all(before.mean < after.mean for before, after in pairwise(means))


def _check_fell(course: Course) -> bool:
    checks = course.checks()
    return bool(checks) and checks[-1]["eval_loss"] < (1 - _STILL) * checks[0]["eval_loss"]


def _still_falling_since(course: Course, step: int) -> bool:
    since = course.smoothed[bisect_left(course.metrics.steps, step, key=itemgetter("step")) :]
    return len(since) > 1 and (since[-1] or 0.0) < (since[0] or 0.0)
