"""How long a planned run will take, by the best that is known: an earlier run, this machine's rates, or arithmetic."""

from pathlib import Path

from workbench.hardware.devices import machine
from workbench.memory.past import kind_of
from workbench.memory.rates import ENGINES, Rates, read
from workbench.memory.time import PACES, Duration, measured_seconds_per_token, step_seconds
from workbench.training.course import Course, Subject, make_course

_CALIBRATED = (0.85, 1.2)
_MEASURED = (0.9, 1.15)


def foretell(subject: Subject, root: Path) -> Duration:
    config = subject.config
    rates = _rates(root, config.hardware.engine)
    per_token = measured_seconds_per_token(root, kind_of(config))
    course = make_course(subject, rates) if rates else None
    tokens = _tokens_per_update(subject)
    if per_token:
        return _of_run(subject, course, per_token * tokens)
    if course:
        return Duration.about(course.seconds, _CALIBRATED, "calibrated", course.update)
    pace = PACES[config.hardware.engine]
    fast, slow = step_seconds(subject.facts.parameters, tokens, machine(), pace)
    low, high = (start + subject.steps * each for start, each in zip(pace.start_seconds, (fast, slow), strict=True))
    return Duration(low, high, "arithmetic", (fast * slow) ** 0.5)


def _rates(root: Path, engine: str) -> Rates | None:
    """Those of the processor say nothing of a GPU."""
    return None if machine().gpu else next((read(root, known) for known in ENGINES if known == engine), None)


def _of_run(subject: Subject, course: Course | None, update: float) -> Duration:
    """With updates as an earlier run had them; all else as far as it is known."""
    if course:
        seconds = course.seconds + subject.steps * (update - course.update)
        return Duration.about(seconds, _MEASURED, "run", update)
    start = PACES[subject.config.hardware.engine].start_seconds
    seconds = subject.steps * update
    return Duration(start[0] + 0.9 * seconds, start[1] + 1.2 * seconds, "run", update)


def _tokens_per_update(subject: Subject) -> float:
    count = max(1, len(subject.rows))
    return subject.rows.total_tokens / count * min(int(subject.config.training.batch_size), count)
