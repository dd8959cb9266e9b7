"""The process of `roofline`: its settings as JSON, and the name of the shape, are the two arguments."""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from benchmarks.own_run import BATCH, SETTINGS, OwnRun, Update
from benchmarks.shapes import SHAPES
from workbench.training.order import DataOrder

_SQUARE = 2048
_PRODUCT_SECONDS = 0.3
"""How long each rate is measured before each update."""

Product = tuple[int, int]


@dataclass
class Measured:
    """Of one update and of what was measured right before it, in billions of operations a second."""

    own_shapes: list[float] = field(default_factory=list)
    square: list[float] = field(default_factory=list)
    updates: list[float] = field(default_factory=list)

    def shares(self) -> list[float]:
        """Of the better of the two rates, pair by pair."""
        pairs = zip(self.updates, self.own_shapes, self.square, strict=True)
        return [update / max(rates) for update, *rates in pairs]


def main() -> None:
    settings, name = json.loads(sys.argv[1]), sys.argv[2]
    print_result(name, measure(OwnRun(settings), SHAPES[name]))


def measure(run: OwnRun, shape: dict[str, Any]) -> Measured:
    """The first two updates warm up."""
    measured, batches = Measured(), Batches(run)
    rates: list[tuple[float, float]] = []

    def before() -> None:
        own = product_rate(linears(shape), batches.tokens(len(rates)))
        rates.append((own, product_rate([(_SQUARE, _SQUARE)], _SQUARE)))

    def after(update: Update) -> None:
        number = len(rates) - 1
        if number > 1:
            measured.own_shapes.append(rates[number][0])
            measured.square.append(rates[number][1])
            measured.updates.append(batches.operations(number, shape) / update.seconds / 1e9)

    run.train(before, after)
    return measured


class Batches:
    """What each update of a run learns."""

    def __init__(self, run: OwnRun) -> None:
        self._rows = run.plan.rows
        self._order = DataOrder(len(self._rows), BATCH, run.plan.config.training.seed)

    def tokens(self, step: int) -> int:
        return sum(self._lengths(step))

    def operations(self, step: int, shape: dict[str, Any]) -> float:
        learned = sum(self._rows[place].learned_tokens for place in self._order.batch(step))
        width, layers = shape["hidden_size"], shape["num_hidden_layers"]
        weights = layers * sum(rows * columns for rows, columns in linears(shape))
        # Two products of 2 · width operations for each pair of a token and one before it or itself.
        attention = layers * 4 * width * sum(length * (length + 1) / 2 for length in self._lengths(step))
        head = 4 * shape["vocab_size"] * width * learned
        return self.tokens(step) * (4 * weights + 6 * count_adapters(shape)) + head + 3.5 * attention

    def _lengths(self, step: int) -> Sequence[int]:
        return [len(self._rows[place].input_ids) for place in self._order.batch(step)]


def linears(shape: dict[str, Any]) -> list[Product]:
    """(out, in) of the linear maps of a layer, those that read the same as one: the larger, the faster."""
    hidden, inner = shape["hidden_size"], shape["intermediate_size"]
    narrow = hidden // shape["num_attention_heads"] * shape["num_key_value_heads"]
    return [(hidden + 2 * narrow, hidden), (hidden, hidden), (2 * inner, hidden), (hidden, inner)]


def count_adapters(shape: dict[str, Any]) -> int:
    """Weights of the adapters: each of a layer's seven linear maps has its own, of rank · (in + out)."""
    hidden, inner = shape["hidden_size"], shape["intermediate_size"]
    narrow = hidden // shape["num_attention_heads"] * shape["num_key_value_heads"]
    widths = 2 * (hidden + hidden) + 2 * (hidden + narrow) + 3 * (hidden + inner)
    layers: int = shape["num_hidden_layers"]
    return layers * int(SETTINGS["method.rank"]) * widths


def product_rate(products: Sequence[Product], tokens: int) -> float:
    """Billions of operations a second of x wᵀ, the memory already there."""
    given = [
        (
            torch.ones(tokens, columns).bfloat16(),
            torch.ones(rows, columns).bfloat16(),
            torch.ones(tokens, rows).bfloat16(),
        )
        for rows, columns in products
    ]
    done, begun = 0, time.perf_counter()
    while (seconds := time.perf_counter() - begun) < _PRODUCT_SECONDS:
        for x, weight, out in given:
            torch.mm(x, weight.t(), out=out)
        done += 1
    return done * sum(2 * tokens * rows * columns for rows, columns in products) / seconds / 1e9


def print_result(name: str, measured: Measured) -> None:
    own, square = statistics.median(measured.own_shapes), statistics.median(measured.square)
    updates, share = statistics.median(measured.updates), statistics.median(measured.shares())
    print(
        f"{name}: products at its own shapes {own:.0f} G/s, at {_SQUARE}³ {square:.0f} G/s; updates {updates:.0f} G/s"
    )
    print(f"share of the better of the two, median of {len(measured.updates)} pairs: {share:.0%}")


if __name__ == "__main__":
    main()
