"""How long each part of a planned run takes at the rates of this machine. No torch."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.config.run_config import RunConfig
from workbench.data.rendering.fit import FittedRows
from workbench.engine.footprint import packed_tokens
from workbench.memory.rates import Rates
from workbench.memory.work import Batch, Work, answer_seconds, loss_seconds, update_seconds
from workbench.methods.inside import InsideModel
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.training.order import DataOrder
from workbench.training.sharing import Places, count_packs, fill_packs, group_by_length, share_out

_SAMPLED_UPDATES = 24
_MOST_SHUFFLED = 5_000
"""Rows whose real order is looked at; of more, some are drawn."""

_MOST_CHECKED = 512
"""Held-out rows that are looked at one by one."""

_KEEPER_SECONDS = 0.7
"""Until a supervisor has started a worker, and has seen that it ended."""

_READ_BYTES_A_SECOND = {"fast": 1.2e9, "standard": 0.6e9}
"""Weights, gone through to see whether they are sound, and brought into memory."""

_CODED_A_SECOND = 1.5e8
"""Weights that are made codes."""

_WRITTEN_BYTES_A_SECOND = 2e8
_SAVED_BYTES = 16
"""Of each trained number in a checkpoint: as it is, as the adapter has it, and two moments."""

_SAVE_SECONDS = 0.15
_USUAL_RANK = 8


@dataclass(frozen=True)
class Subject:
    """A planned run, its settings resolved."""

    config: RunConfig
    facts: ModelFacts
    trainable: int
    rows: FittedRows
    checked: FittedRows
    steps: int

    @property
    def is_fast(self) -> bool:
        return self.config.hardware.engine == "fast"


@dataclass(frozen=True)
class Course:
    """Seconds: of each where they come several times."""

    start: float
    update: float
    updates: int
    check: float
    checks: int
    save: float
    saves: int

    @property
    def seconds(self) -> float:
        return self.start + self.update * self.updates + self.check * self.checks + self.save * self.saves


def make_course(subject: Subject, rates: Rates) -> Course:
    training = subject.config.training
    work = work_of(subject)
    sampled = list(sample_updates(subject))
    updates = [update_seconds(work, batches, rates) for batches in sampled]
    return Course(
        start=_start_seconds(subject, rates) + _count_sizes(subject, sampled) * rates.size_seconds[work.precision],
        update=sum(updates) / max(1, len(updates)),
        updates=subject.steps,
        check=_check_seconds(subject, work, rates),
        checks=1 + math.ceil(subject.steps / int(training.eval_every)),
        save=_SAVE_SECONDS + _SAVED_BYTES * subject.trainable / _WRITTEN_BYTES_A_SECOND,
        saves=1 + math.ceil(subject.steps / int(training.save_every)),
    )


def work_of(subject: Subject) -> Work:
    config, facts = subject.config, subject.facts
    linear = sum(rows * columns for rows, columns in facts.linear_shapes.values())
    layers = max(1, facts.layers)
    inside = subject.trainable if isinstance(METHODS[config.method.name], InsideModel) else 0
    return Work(
        precision="fp32" if config.model.precision == "fp32" else "bf16",
        codes=config.model.quantization,
        layers=layers,
        layer_weights=(linear + (0.0 if inside else _beyond_usual(subject))) / layers,
        width=facts.heads * facts.head_size,
        head_weights=facts.vocabulary * facts.hidden_size,
        trained_share=min(1.0, inside / max(1, facts.parameters)),
        trained_inside=inside,
        checkpointing=config.training.gradient_checkpointing,
        alone=subject.is_fast and _lanes(config) < int(config.hardware.threads),
    )


def sample_updates(subject: Subject) -> Iterator[list[Batch]]:
    """The batches of some of the updates, evenly from the first pass."""
    size, count = int(subject.config.training.batch_size), len(subject.rows)
    lengths, learned = subject.rows.lengths, subject.rows.learned
    if count <= _MOST_SHUFFLED:
        order = DataOrder(count, size, subject.config.training.seed)
        first = min(subject.steps, order.steps_per_epoch)
        taken = [order.batch(step) for step in range(0, first, max(1, first // _SAMPLED_UPDATES))]
    else:
        chance = random.Random(0)
        taken = [[chance.randrange(count) for _ in range(size)] for _ in range(_SAMPLED_UPDATES)]
    for places in taken:
        yield share(subject.config, lengths[places].tolist(), learned[places].tolist())


def share(config: RunConfig, lengths: Sequence[int], learned: Sequence[int]) -> list[Batch]:
    """The batches of an update, as its engine makes them, that are computed one after the other."""
    micro = int(config.training.micro_batch_size)
    if config.hardware.engine == "fast":
        lanes = _lanes(config)
        packs = share_out(lengths, count_packs(lengths, lanes, micro))
        # Of those that are computed side by side, the largest takes longest.
        largest = (_batch(packs[start], lengths, learned) for start in range(0, len(packs), lanes))
        return [replace(batch, tokens=packed_tokens(int(batch.tokens))) for batch in largest]
    if config.training.batching == "packed":
        return [_batch(places, lengths, learned) for places in fill_packs(lengths, micro)]
    return [_padded(places, lengths, learned) for places in group_by_length(lengths, micro)]


def _batch(places: Places, lengths: Sequence[int], learned: Sequence[int]) -> Batch:
    return Batch.of([lengths[place] for place in places], sum(learned[place] for place in places))


def _padded(places: Places, lengths: Sequence[int], learned: Sequence[int]) -> Batch:
    longest = max(lengths[place] for place in places)
    return Batch.of([longest] * len(places), sum(learned[place] for place in places))


def _lanes(config: RunConfig) -> int:
    return min(int(config.hardware.threads), int(config.training.micro_batch_size))


def _beyond_usual(subject: Subject) -> float:
    """What adapters add to the products, or spare them, besides those of the rank that was measured.

    A trained weight takes six operations a token where a frozen one takes four.
    """
    usual = _USUAL_RANK * sum(rows + columns for rows, columns in subject.facts.linear_shapes.values())
    return 1.5 * (subject.trainable - usual)


def _start_seconds(subject: Subject, rates: Rates) -> float:
    config, facts = subject.config, subject.facts
    evaluation = config.evaluation
    words = rates.words_seconds if evaluation.prompts or evaluation.watched_prompts else 0.0
    loading = facts.size_gb * 1e9 / _READ_BYTES_A_SECOND[config.hardware.engine]
    coding = facts.parameters / _CODED_A_SECOND if config.model.quantization != "none" else 0.0
    return _KEEPER_SECONDS + rates.start_seconds + words + loading + coding


def _count_sizes(subject: Subject, sampled: Sequence[Sequence[Batch]]) -> float:
    """How many numbers of tokens batches will have: few on the fast path, which fills them up."""
    sizes = len({batch.tokens for batches in sampled for batch in batches})
    return sizes if subject.is_fast else sizes * subject.steps / max(1, len(sampled))


def _check_seconds(subject: Subject, work: Work, rates: Rates) -> float:
    """Held-out rows and watched answers."""
    rows = subject.checked
    lengths, learned = (values[:_MOST_CHECKED].tolist() for values in (rows.lengths, rows.learned))
    seconds = loss_seconds(work, share(subject.config, lengths, learned), rates) if lengths else 0.0
    seconds *= len(rows) / max(1, len(lengths))
    return seconds + _questions(subject) * _answer_seconds(subject, work, rates)


def _questions(subject: Subject) -> int:
    evaluation = subject.config.evaluation
    own = len(evaluation.prompts)
    return own + min(max(0, evaluation.watched_prompts - own), len(subject.checked))


def _answer_seconds(subject: Subject, work: Work, rates: Rates) -> float:
    """An answer is taken to be as long as those that are learned."""
    rows: Any = subject.rows
    count = max(1, len(rows))
    usual, learned = rows.total_tokens / count, rows.learned_tokens / count
    tokens = min(subject.config.evaluation.answer_tokens, learned)
    prompt = max(1.0, usual - learned)
    return answer_seconds(work, Batch(prompt, prompt**2 / 2, 1), tokens, rates)
