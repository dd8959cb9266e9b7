"""The loss, only where something is learned, and a few rows at a time: logits are the largest thing there is."""

import torch
from torch import Tensor

from workbench.engine.kernels import Kernels

_LOGITS_BYTES = 32 << 20
"""As much of the logits as is held at once, so that memory does not grow with the vocabulary."""


class Head:
    """The output layer [vocabulary, hidden], frozen."""

    def __init__(self, weight: Tensor, kernels: Kernels) -> None:
        self._weight = weight
        self._passes = kernels.passes
        vocabulary = len(weight)
        rows = max(16, _LOGITS_BYTES // (vocabulary * weight.element_size()))
        self._logits = weight.new_empty(rows, vocabulary)

    def loss_and_gradient(self, x: Tensor, labels: Tensor, factor: float) -> float:
        """The loss of x [rows, hidden] in nats, summed; x becomes its gradient times `factor`."""
        losses = torch.empty(len(x))
        for start in range(0, len(x), len(self._logits)):
            some = slice(start, start + len(self._logits))
            logits = self._answer(x[some])
            self._passes.cross_entropy(logits, labels[some], factor, losses[some])
            torch.mm(logits, self._weight, out=x[some])
        return float(losses.sum(dtype=torch.float64))

    def loss(self, x: Tensor, labels: Tensor) -> float:
        """The same without the gradient."""
        losses = torch.empty(len(x))
        for start in range(0, len(x), len(self._logits)):
            some = slice(start, start + len(self._logits))
            self._passes.losses(self._answer(x[some]), labels[some], losses[some])
        return float(losses.sum(dtype=torch.float64))

    def _answer(self, x: Tensor) -> Tensor:
        return torch.mm(x, self._weight.t(), out=self._logits[: len(x)])
