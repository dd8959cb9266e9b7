"""The stages of an evaluation. Each leaves out what an earlier attempt has done."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.chat.models import MeasuredModel
from workbench.chat.protocol import Question
from workbench.chat.scores.examples import Asked
from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.pace import Pace, Work
from workbench.chat.scores.progress import Left, Progress
from workbench.chat.scores.sheet_answers import answer_all
from workbench.chat.scores.texts import passages
from workbench.data.rendering.rows import Row
from workbench.jobs.files import append_json, read_lines


@dataclass
class Bench:
    """What the stages work with, and what their work took."""

    job: Evaluation
    model: MeasuredModel
    question: Question
    progress: Progress
    load_seconds: float
    expected: Work
    answered: list[tuple[int, float]] = field(default_factory=list)
    """Tokens and seconds."""
    read: list[tuple[int, float]] = field(default_factory=list)
    answers: int = 0
    """That were written this time, by any target."""

    def measured_pace(self, before: Pace) -> Pace:
        """As it was this time; where nothing was measured, as it was before."""
        tokens = sum(count for count, _ in self.answered)
        length = tokens / self.answers if self.answers else before.answer_tokens
        return Pace(self.load_seconds, _mean(self.answered, before.answer), _mean(self.read, before.read), length)

    def context_tokens(self) -> float:
        """How long a text may be that every target can read."""
        sampling = self.question.sampling
        answers = (self.model.decode(target, [], sampling) for target in self.question.targets)
        return min(answer.reader.context_tokens for answer in answers)

    def losses(self, rows: Sequence[Row]) -> dict[str, float | None]:
        """What the rows cost each target; None where a model's weights are no numbers any more."""
        began = time.monotonic()
        found = {}
        for target in self.question.targets:
            total = sum(self.model.loss(target, row) for row in rows)
            found[target.name] = round(total, 6) if math.isfinite(total) else None
            self.progress.check()
        tokens = len(self.question.targets) * sum(len(row.input_ids) for row in rows)
        self.read.append((tokens, time.monotonic() - began))
        return found


def read_examples(bench: Bench, examples: Sequence[Asked]) -> None:
    """The loss of each example."""
    job = bench.job
    done = {row["key"] for row in read_lines(job.losses_path)[0]}
    asked = [example for example in examples if example.rows]
    work = bench.expected
    bench.progress.begin("Reading the examples", len(done), len(asked), Left(work.examples, work.texts + work.answers))
    for example in asked:
        if example.key not in done:
            tokens = sum(row.learned_tokens for row in example.rows)
            row = {"key": example.key, "part": example.part, "tokens": tokens, "losses": bench.losses(example.rows)}
            append_json(job.losses_path, row)
            bench.progress.step()


def read_texts(bench: Bench) -> None:
    """The loss of each passage of the general texts."""
    job = bench.job
    done = {row["key"] for row in read_lines(job.texts_path)[0]}
    found = passages(bench.model.tokenizer_for(bench.question.targets[0]), job.own_text_path, bench.context_tokens())
    bench.progress.begin(
        "Reading general texts", len(done), len(found), Left(bench.expected.texts, bench.expected.answers)
    )
    for passage in found:
        if passage.key not in done:
            losses = bench.losses([passage.row])
            row = {"key": passage.key, "source": passage.source, "tokens": passage.row.learned_tokens, "losses": losses}
            append_json(job.texts_path, row)
            bench.progress.step()


def answer(bench: Bench, examples: Sequence[Asked]) -> None:
    """The answer sheet."""
    job = bench.job
    done = {row["key"] for row in job.answers()}
    bench.progress.begin("Answering", len(done), len(examples), Left(bench.expected.answers, 0.0))
    began, tokens = time.monotonic(), 0
    missing = [example for example in examples if example.key not in done]
    for row in answer_all(bench.model, bench.question, missing, bench.progress.check):
        append_json(job.answers_path, row)
        tokens += row["tokens"]
        bench.answers += len(row["answers"])
        bench.progress.step()
    bench.answered.append((tokens, time.monotonic() - began))


def _mean(measured: list[tuple[int, float]], otherwise: float) -> float:
    tokens = sum(count for count, _ in measured)
    return sum(seconds for _, seconds in measured) / tokens if tokens else otherwise
