"""Which examples make up which update: a pure function of seed and position, so that a resume needs no memory."""

import math
import random
from functools import lru_cache


class DataOrder:
    """Every example once an epoch, shuffled anew for each; the last batch of an epoch may be smaller."""

    def __init__(self, examples: int, batch_size: int, seed: int) -> None:
        self.steps_per_epoch = math.ceil(examples / batch_size)
        self._examples = examples
        self._batch_size = batch_size
        self._seed = seed

    def batch(self, step: int) -> list[int]:
        """Indices of the examples of update `step`, which counts from 0."""
        epoch, place = divmod(step, self.steps_per_epoch)
        order = _shuffled(self._examples, f"{self._seed}/{epoch}")
        return order[place * self._batch_size : (place + 1) * self._batch_size]


@lru_cache(maxsize=2)
def _shuffled(examples: int, seed: str) -> list[int]:
    order = list(range(examples))
    random.Random(seed).shuffle(order)
    return order
