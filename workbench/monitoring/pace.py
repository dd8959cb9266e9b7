"""How long a run takes by its own rate, beside what was planned."""

import math

from workbench.monitoring.course import Course
from workbench.monitoring.series import seconds_left

_CLEARLY = 1.3
_WORTH_A_WORD_SECONDS = 60.0
_ENOUGH_UPDATES = 10
"""Before that a run has no rate of its own."""


def slower_than_planned(course: Course) -> str | None:
    """What it will take in all, where that is clearly more; that it is faster is told by the time that is left."""
    foretold, rows, steps = course.foretold, course.metrics.steps, course.run.status().steps
    left_seconds = seconds_left(rows, steps)
    if foretold is None or left_seconds is None or course.updates < _ENOUGH_UPDATES:
        return None
    likely = math.sqrt(foretold.low_seconds * foretold.high_seconds)
    planned_seconds = foretold.high_seconds if foretold.basis == "arithmetic" else likely
    # One that finishes earlier is held against its part of the plan.
    planned_seconds *= min(1.0, steps / max(1, foretold.steps))
    in_all_seconds = rows[-1]["seconds"] + left_seconds
    if in_all_seconds < max(_CLEARLY * planned_seconds, planned_seconds + _WORTH_A_WORD_SECONDS):
        return None
    return (
        f"It is slower than planned: {_words(in_all_seconds)} instead of {_words(planned_seconds)}. "
        "“Finish earlier” brings its end nearer; what it has learned by then is its result."
    )


def step_in(course: Course, seconds: float) -> int | None:
    """The update that a run reaches in so many seconds, by its own rate; None where it has none yet."""
    steps = course.run.status().steps
    left_seconds = seconds_left(course.metrics.steps, steps)
    if not left_seconds:
        return None
    return course.updates + max(1, round(seconds / left_seconds * (steps - course.updates)))


def _words(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{round(seconds)} s"
    return f"{minutes} min" if minutes < 120 else f"{seconds / 3600:.1f} h"
