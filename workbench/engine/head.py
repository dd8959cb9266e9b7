"""The loss, only where something is learned, and a few tokens at a time."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from workbench.engine.kernels import Kernels


class Head:
    """The output layer [vocabulary, hidden], frozen. It is given memory for logits, [rows, vocabulary]."""

    def __init__(self, weight: Tensor, kernels: Kernels) -> None:
        self._weight = weight
        self._passes = kernels.passes

    def loss_and_gradient(self, x: Tensor, labels: Tensor, factor: float, memory: Tensor) -> float:
        """The loss of x [tokens, hidden] in nats, summed; x becomes its gradient times `factor`."""

        def learn(some: slice, logits: Tensor, losses: Tensor) -> None:
            self._passes.cross_entropy(logits, labels[some], factor, losses)
            torch.mm(logits, self._weight, out=x[some])

        return self._sum(x, memory, learn)

    def loss(self, x: Tensor, labels: Tensor, memory: Tensor) -> float:
        """The same without the gradient."""
        return self._sum(x, memory, lambda some, logits, losses: self._passes.losses(logits, labels[some], losses))

    def _sum(self, x: Tensor, memory: Tensor, take: Callable[[slice, Tensor, Tensor], None]) -> float:
        losses = torch.empty(len(x))
        # In equal parts: a product of few tokens takes nearly as long as one of many.
        part = math.ceil(len(x) / math.ceil(len(x) / len(memory))) if len(x) else 1
        for start in range(0, len(x), part):
            some = slice(start, start + part)
            logits = torch.mm(x[some], self._weight.t(), out=memory[: len(x[some])])
            take(some, logits, losses[some])
        return float(losses.sum(dtype=torch.float64))
