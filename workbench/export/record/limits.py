"""What follows from how a run was made about how far it can be relied on. Only what its record shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.export.record.base_facts import BaseFacts
from workbench.export.record.course_facts import CourseFacts

_FEW_PARAMETERS = 50_000_000

_KEEPS = "It keeps the weaknesses of {}, and answers wrongly or makes things up as any language model does."
_TOY = "With {:.1f} million parameters, {} is a model for practice: it is fit for no task of consequence."
_NOT_CHECKED = "It was not checked on examples that it had not learned from."
_CHECKED_ALIKE = "It was checked only on examples of the same data; on other texts it may do worse."
_FORGETTING = "What it forgot of what the original could do was not measured."
_UNKNOWN = "It was not trained by this workbench, which does not know how it was made."
_EARLY = "Its training ended before its planned end, at update {} of {}."


def limits_of(base: BaseFacts, course: CourseFacts | None, scores: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence each."""
    return tuple(_find(base, course, scores))


def _find(base: BaseFacts, course: CourseFacts | None, scores: Mapping[str, Any]) -> Iterator[str]:
    yield _KEEPS.format(base.name)
    if 0 < base.parameters < _FEW_PARAMETERS:
        yield _TOY.format(base.parameters / 1e6, base.name)
    if course is None:
        yield _UNKNOWN
    elif course.steps < course.planned_steps:
        yield _EARLY.format(course.steps, course.planned_steps)
    is_checked = bool(scores) or (course is not None and course.held_out_after is not None)
    yield _CHECKED_ALIKE if is_checked else _NOT_CHECKED
    if "forgetting" not in scores:
        yield _FORGETTING
