"""What both paths are measured for, alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

from workbench.data.rendering.rows import Row
from workbench.memory.rates import MEASURED_ROW_TOKENS, Point
from workbench.training.calibration.made_up import (
    LARGE,
    LARGE_VOCABULARY,
    LONG,
    SMALL,
    USUAL,
    Model,
    Size,
    make_batch,
    make_rows,
)

PRECISIONS = ("fp32", "bf16")

_OTHER_TOKENS = 96
"""Of none of the batches that are measured besides."""

_LEAST_SECONDS = 1e-5
"""Of a layer: less is a mistake of the clock."""

_LAYERS = {SMALL: 3, USUAL: 2, LARGE: 1}
"""In the models that most is measured with: the smaller a layer, the more is it disturbed by what comes once."""


class Training(Protocol):
    """Updates of a model that is made up."""

    def update_seconds(self, rows: Sequence[Row]) -> float: ...

    def first_seconds(self, rows: Sequence[Row]) -> float:
        """Of a single update, with nothing prepared."""

    def loss_seconds(self, rows: Sequence[Row]) -> float: ...

    def answer_seconds(self) -> float:
        """Of each token."""


@dataclass(frozen=True)
class Bench:
    """How a path is measured."""

    make: Callable[[Model], Training]
    batches: int
    """How many are computed side by side."""
    tokens: Sequence[int]
    """In each."""

    def runs(self) -> dict[Model, Training]:
        """What most is measured with."""
        models = (deep(size, precision) for precision, size in product(PRECISIONS, _LAYERS))
        return {model: self.make(model) for model in models}

    def measure(self, runs: Mapping[Model, Training]) -> dict[str, Any]:
        """A part of what `Rates` holds."""
        once = self._seconds_of_no_layer(runs)
        return {
            "update_seconds": once,
            "layers": self.layers(runs, once),
            "answers": _answers(runs),
            "attention_seconds": {name: self._attention_seconds(runs[deep(SMALL, name)]) for name in PRECISIONS},
            "head_seconds": {name: self._head_seconds(name) for name in PRECISIONS},
            "size_seconds": {name: self._size_seconds(runs[deep(USUAL, name)]) for name in PRECISIONS},
        }

    def rows(self, tokens: int) -> list[Row]:
        return make_batch(tokens, self.batches)

    def layers(self, runs: Mapping[Model, Training], once: float) -> dict[str, list[Point]]:
        """What a layer takes, by size and tokens; `once` comes besides, however many there are."""
        points: dict[str, list[Point]] = {name: [] for name in PRECISIONS}
        for (model, run), tokens in product(runs.items(), self.tokens):
            seconds = run.update_seconds(self.rows(tokens)) - once
            points[model.precision].append(point(model, tokens, seconds))
        return points

    def _seconds_of_no_layer(self, runs: Mapping[Model, Training]) -> float:
        """What many layers take is on a straight line with what one takes."""
        many = _LAYERS[SMALL]
        rows = self.rows(self.tokens[0])
        one, all_ = (run.update_seconds(rows) for run in (self.make(Model(SMALL)), runs[deep(SMALL, "fp32")]))
        return max(0.0, (many * one - all_) / (many - 1))

    def _attention_seconds(self, run: Training) -> float:
        """By what a long row takes longer than short ones of as many tokens."""
        long, short = (run.update_seconds(rows) for rows in (make_rows(self.batches, LONG), self.rows(LONG)))
        pairs = LONG * (LONG - MEASURED_ROW_TOKENS) / 2
        return max(0.0, long - short) / _LAYERS[SMALL] / pairs / SMALL.hidden

    def _head_seconds(self, precision: str) -> float:
        """By what it takes longer where every token is learned."""
        run = self.make(Model(USUAL, precision, vocabulary=LARGE_VOCABULARY))
        few, many = 1, MEASURED_ROW_TOKENS - 1
        little, whole = (
            run.update_seconds(make_rows(self.batches, MEASURED_ROW_TOKENS, learned)) for learned in (few, many)
        )
        return max(0.0, whole - little) / (many - few) / (LARGE_VOCABULARY * USUAL.hidden)

    def _size_seconds(self, run: Training) -> float:
        """By what the first of several updates takes longer, where no batch was so large before."""
        rows = self.rows(_OTHER_TOKENS)
        return max(0.0, run.first_seconds(rows) - run.update_seconds(rows))


def deep(size: Size, precision: str, kind: str = "none") -> Model:
    """One of several layers."""
    return Model(size, precision, kind, layers=_LAYERS[size])


def point(model: Model, tokens: int, seconds: float) -> Point:
    """Of one of the layers that took so long together."""
    return model.size.weights, tokens, max(_LEAST_SECONDS, seconds / model.layers)


def _answers(runs: Mapping[Model, Training]) -> dict[str, list[Point]]:
    points: dict[str, list[Point]] = {name: [] for name in PRECISIONS}
    for model, run in runs.items():
        points[model.precision].append(point(model, 1, run.answer_seconds()))
    return points
