"""What is known of a run that has ended, as its advice needs it: what was asked, what was seen, what came of it."""

import re
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from workbench.config.run_config import RunConfig
from workbench.data.examples import Example
from workbench.data.examples_file import ExamplesFile
from workbench.data.preparing.results import EXAMPLES
from workbench.monitoring.course import Course
from workbench.monitoring.result import compare
from workbench.runs.run_dir import RunDir

_ENDS = 10
_MOST_SEARCHED = 20_000


@dataclass(frozen=True)
class Miss:
    """A held-out question that was answered unlike the data, and the question learned from that is most like it."""

    question: str
    answer: str
    nearest: str


@dataclass(frozen=True)
class Evidence:
    """One run in numbers. Losses are means; None where there were none."""

    used: RunConfig
    steps: int
    """Updates done."""
    passes: float
    examples: int
    cut: int
    first_loss: float | None
    last_loss: float | None
    after: float | None
    best: float | None
    """The lowest error on held-out examples, and where it was."""
    best_step: int
    best_pass: float
    miss: Miss | None

    @property
    def is_past_its_best(self) -> bool:
        """Whether held-out examples were answered clearly better at an earlier step that was not the first."""
        return bool(self.after and self.best and self.best_step and self.after > 1.03 * self.best)


def gather(run: RunDir) -> Evidence:
    """Everything from the run's folder."""
    course = Course(run).poll()
    steps, losses, facts = course.metrics.steps, course.losses, course.data_facts()
    checks = course.checks()
    best = min(checks, key=lambda row: row["eval_loss"], default=None)
    last: dict[str, Any] = steps[-1] if steps else {"step": 0, "epoch": 0.0}
    best_step = int(best["step"]) if best else 0
    return Evidence(
        used=course.config,
        steps=last["step"],
        passes=last["epoch"],
        examples=facts.get("rows", 0),
        cut=facts.get("cut", 0),
        first_loss=fmean(losses[:_ENDS]) if losses else None,
        last_loss=fmean(losses[-_ENDS:]) if losses else None,
        after=checks[-1]["eval_loss"] if checks else None,
        best=best["eval_loss"] if best else None,
        best_step=best_step,
        best_pass=best_step * last["epoch"] / last["step"] if last["step"] else 0.0,
        miss=_worst_miss(course.samples, run),
    )


def nearest(question: str, others: list[str]) -> str:
    """The question that shares most words with this one; empty if none shares any."""
    best = max(others, key=lambda other: _likeness(question, other), default="")
    return best if _likeness(question, best) > 0 else ""


def _worst_miss(samples: list[dict[str, Any]], run: RunDir) -> Miss | None:
    # Nobody knows what the answer to a prompt of the user's own should have been.
    known = [sample for sample in samples if sample["expected"]]
    answers = [answer for answer in compare(known) if _likeness(answer.after, answer.expected) < 1]
    if not answers:
        return None
    worst = min(answers, key=lambda answer: _likeness(answer.after, answer.expected))
    return Miss(worst.prompt, worst.after, nearest(worst.prompt, _learned_questions(run.data_dir)))


def _learned_questions(folder: Path) -> list[str]:
    """The questions of the examples that were learned from, or of the first of them where there are very many."""
    places = folder / "training.npy"
    if not places.exists():
        return []
    examples = ExamplesFile(folder / EXAMPLES)
    chosen = np.unique(np.load(places, allow_pickle=False))[:_MOST_SEARCHED]
    questions = (_question(examples[int(place)]) for place in chosen)
    return [question for question in questions if question]


def _question(example: Example) -> str:
    return next((turn.content for turn in reversed(example.messages) if turn.role == "user"), "")


def _likeness(one: str, other: str) -> float:
    """The share of words that two texts have in common: 0 for none, 1 for all."""
    mine, theirs = (set(re.findall(r"\w+", text.lower())) for text in (one, other))
    return len(mine & theirs) / len(mine | theirs) if mine | theirs else 1.0
