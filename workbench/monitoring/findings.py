"""What the numbers of a run say, in a few plain sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.jobs.folder import ENDED
from workbench.monitoring import learning, pace, strain
from workbench.monitoring.course import Course


@dataclass(frozen=True)
class Finding:
    """One sentence; a warning is about something to act on."""

    level: Literal["warning", "good"]
    sentence: str


def find(course: Course) -> list[Finding]:
    """What is worth saying about a run now; never empty. Machine and curves are judged while they are those of now."""
    phase = course.run.status().phase
    found = [_ended_early(course), learning.find_trouble(course)]
    found += [*_lost_examples(course), learning.too_short(course), learning.memorising(course), strain.swapping(course)]
    if phase not in ENDED:
        found += [strain.full_memory(course)]
    if phase == "training":
        found += [pace.slower_than_planned(course), strain.starved(course), strain.throttled(course)]
    return [Finding("warning", sentence) for sentence in found if sentence] or [Finding("good", _good_news(course))]


def _ended_early(course: Course) -> str | None:
    """Why a run failed, such as a loss that is no number, and what is left of it."""
    status, kept = course.run.status(), course.kept_step()
    if status.phase not in ("failed", "interrupted"):
        return None
    rest = f"The last good checkpoint, of step {kept}, is kept." if kept else "No checkpoint had been saved yet."
    return f"{status.message} {rest}"


def _lost_examples(course: Course) -> Iterator[str]:
    """What of the examples never reached the model."""
    facts = course.data_facts()
    if not facts:
        return
    most_tokens = int(course.config.data.max_length)
    cut, dropped, empty = facts["cut"], facts["dropped"], facts["nothing_to_learn"]
    count = facts["rows"] + dropped + empty
    if cut:
        yield (
            f"{cut} of {count} examples {_were(cut)} cut to {most_tokens} tokens. "
            "A larger longest example keeps them whole."
        )
    if dropped:
        yield f"{dropped} of {count} examples {_were(dropped)} left out, being longer than {most_tokens} tokens."
    if empty:
        yield (
            f"{empty} of {count} examples {_were(empty)} left out: "
            f"nothing to learn was left of them within {most_tokens} tokens."
        )


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _good_news(course: Course) -> str:
    if course.run.origin() == "imported":
        return "It was trained elsewhere, so nothing is known of how it learned."
    if course.run.origin() == "blended":
        return "It is a blend of other adapters, so there is nothing to tell of how it learned."
    checks = course.checks()
    if len(checks) >= 2 and checks[-1] == min(checks, key=lambda row: row["eval_loss"]):
        return "The loss on held-out examples is at its lowest yet. Nothing unusual."
    return "Nothing unusual."
