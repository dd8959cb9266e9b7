"""Which examples make up which update: a pure function of seed and position, so that a resume needs no memory."""

import math
import random
from itertools import chain
from typing import Any

import numpy as np

_WINDOW_BATCHES = 8
"""Batches whose examples are put together by length: more would fill less, and mix the examples less."""


class DataOrder:
    """Every example once an epoch, shuffled anew for each; the last batch of an epoch may be smaller."""

    def __init__(self, examples: int, batch_size: int, seed: int) -> None:
        self.steps_per_epoch = math.ceil(examples / batch_size)
        self._examples = examples
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = -1
        self._order: list[int] = []

    def batch(self, step: int) -> list[int]:
        """Indices of the examples of update `step`, which counts from 0."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, self._arrange(random.Random(f"{self._seed}/{epoch}"))
        return self._order[place * self._batch_size : (place + 1) * self._batch_size]

    def _arrange(self, chance: random.Random) -> list[int]:
        """The examples of one epoch, in the order in which they are learned."""
        order = list(range(self._examples))
        chance.shuffle(order)
        return order


class GroupedOrder(DataOrder):
    """As DataOrder, with examples of like length in one batch; the batches themselves come in random order.

    `lengths` are those of all examples in tokens, [examples]. The batches are others than those of DataOrder, and as
    many.
    """

    def __init__(self, lengths: "np.ndarray[Any, Any]", batch_size: int, seed: int) -> None:
        super().__init__(len(lengths), batch_size, seed)
        self._lengths: list[int] = lengths.tolist()

    def _arrange(self, chance: random.Random) -> list[int]:
        order = super()._arrange(chance)
        size, window = self._batch_size, self._batch_size * _WINDOW_BATCHES
        # A batch that is not full stays last, and holds whatever chance put there rather than the longest.
        full = len(order) // size * size
        for start in range(0, full, window):
            end = min(start + window, full)
            order[start:end] = sorted(order[start:end], key=self._lengths.__getitem__)
        batches = [order[start : start + size] for start in range(0, full, size)]
        chance.shuffle(batches)
        return [*chain.from_iterable(batches), *order[full:]]
