"""What came of a run: one word by a fixed rule, and the answers before and after."""

import math
from dataclasses import dataclass
from typing import Any, Literal

from workbench.jobs.files import read_json
from workbench.jobs.folder import ENDED
from workbench.methods.table import METHODS
from workbench.monitoring.course import Course
from workbench.monitoring.ranks import rank_by_layer, saved_rank
from workbench.runs.rows import Row
from workbench.runs.run_dir import RunDir

Word = Literal["clearly learned", "learned slightly", "not learned", "memorised", "not measured"]

_CLEARLY = 0.15
_SLIGHTLY = 0.03
_ABOVE_BEST = 1.05
_FAR_LOWER = 0.5
_ANSWERS = 3

_SENTENCES: dict[Word, str] = {
    "clearly learned": "It answers held-out examples, which it has never seen, much better than before.",
    "learned slightly": "It answers held-out examples a little better than before. More passes or examples may help.",
    "not learned": "It answers held-out examples no better than before. A higher learning speed may help.",
    "memorised": "It knows your examples by heart, and held-out ones got worse on the way. Fewer passes would do.",
    "not measured": "Held-out examples were not checked both before and after, so what it learned is not known.",
}


@dataclass(frozen=True)
class Answer:
    """One watched question, and how its answer changed."""

    prompt: str
    expected: str
    before: str
    after: str


@dataclass(frozen=True)
class Result:
    """The outcome of a run. Losses are means over the held-out examples; None where nothing was held out."""

    word: Word
    sentence: str
    before: float | None
    after: float | None
    best: float | None
    best_step: int | None
    answers: list[Answer]
    seconds: float
    tokens: int
    kept: str
    """What is left of the run: an adapter, or weights."""
    kept_bytes: int
    kept_rank: int
    """Of the plain LoRA that was saved in place of what was trained; 0 where that itself was saved."""
    ranks: dict[str, int]
    """By layer, where the method gave ranks to the layers that need them."""
    extends: bool
    """Whether another run can train it further."""


def summarise(run: RunDir) -> Result | None:
    """The outcome of a run that has ended and left an adapter, else None."""
    return conclude(run, Course(run).poll())


def conclude(run: RunDir, course: Course) -> Result | None:
    """The same from what has been read already; of an adapter that was made elsewhere nothing is known."""
    if run.status().phase not in ENDED or not run.has_adapter() or run.origin() != "trained":
        return None
    adapter_step = read_json(run.adapter_dir / "best.json").get("step", math.inf)
    checks = [row for row in course.metrics.evaluations if row["step"] <= adapter_step]
    steps = course.metrics.steps
    best = min(course.checks(), key=lambda row: row["eval_loss"], default=None)
    word = judge([row["eval_loss"] for row in checks], _losses(steps, adapter_step))
    return Result(
        word=word,
        sentence=_SENTENCES[word],
        before=checks[0]["eval_loss"] if checks else None,
        after=checks[-1]["eval_loss"] if checks else None,
        best=best["eval_loss"] if best else None,
        best_step=best["step"] if best else None,
        answers=compare(course.samples),
        seconds=steps[-1]["seconds"] if steps else 0.0,
        tokens=steps[-1]["tokens"] if steps else 0,
        kept=run.adapter_dir.name,
        kept_bytes=sum(file.stat().st_size for file in run.adapter_dir.rglob("*") if file.is_file()),
        kept_rank=saved_rank(run),
        ranks=rank_by_layer(run),
        extends=METHODS[run.config().method.name].extends,
    )


def judge(eval_losses: list[float | None], train_losses: list[float | None]) -> Word:
    """The word for a run, from its losses alone.

    With before and after the first and the last loss on held-out examples, and gain = (before - after) / before:
    memorised if after is more than 5 % above the lowest, and the training loss at the end (the mean of its last tenth)
    is less than half of after; else clearly learned from a gain of 15 % up, slightly from 3 % up, else not learned.
    A last check that gave no number counts as not learned.
    """
    if len(eval_losses) < 2 or eval_losses[0] is None:
        return "not measured"
    before, after = eval_losses[0], eval_losses[-1]
    if after is None:
        return "not learned"
    best = min(loss for loss in eval_losses if loss is not None)
    if after > _ABOVE_BEST * best and _mean_of_end(train_losses) < _FAR_LOWER * after:
        return "memorised"
    gain = (before - after) / before if before else 0.0
    if gain >= _CLEARLY:
        return "clearly learned"
    return "learned slightly" if gain >= _SLIGHTLY else "not learned"


def compare(samples: list[dict[str, Any]]) -> list[Answer]:
    """The watched questions with their first and their last answer."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for sample in samples:
        rows.setdefault(sample["prompt"], []).append(sample)
    return [
        Answer(prompt, answers[0]["expected"], answers[0]["answer"], answers[-1]["answer"])
        for prompt, answers in list(rows.items())[:_ANSWERS]
        if len(answers) > 1
    ]


def _losses(steps: list[Row], last_step: float) -> list[float | None]:
    """Up to a step; of rows that stand for several updates, their mean."""
    return [row.get("mean", row["loss"]) for row in steps if row["step"] <= last_step]


def _mean_of_end(losses: list[float | None]) -> float:
    end = [loss for loss in losses[-max(1, len(losses) // 10) :] if loss is not None]
    return sum(end) / len(end) if end else float("inf")
