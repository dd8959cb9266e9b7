"""Batch in, loss and accumulated gradients out: the part of training that depends on how the model is computed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

from workbench.data.rendering.rows import Row
from workbench.methods.regimen import Regimen
from workbench.training.batches import Batch, Batching
from workbench.training.computing import computing_in
from workbench.training.label_loss import summed_loss
from workbench.training.loss_scale import LossScale
from workbench.training.noise import Noise

if TYPE_CHECKING:
    from workbench.methods.base import Network

_EVALUATED_AT_ONCE = 256
"""Rows that are held in memory, and may be put together by length, while held-out ones are tried."""


@dataclass(frozen=True)
class StepResult:
    """`loss` is the mean over the learned tokens of the whole batch, in nats."""

    loss: float
    tokens: int
    learned_tokens: int


class Stepper(Protocol):
    """What the loop asks of an engine."""

    def accumulate(self, rows: Sequence[Row]) -> StepResult:
        """Add the gradients of one batch's mean loss to the trainable parameters, and those of a method's penalty."""

    def evaluate(self, rows: Sequence[Row]) -> float:
        """Mean loss over the learned tokens, without dropout, touching no random state."""


class StandardStepper:
    """transformers and PEFT with autograd."""

    def __init__(self, model: "Network", batching: Batching, precision: str, regimen: Regimen, noise: Noise) -> None:
        self._model = model
        self._batching = batching
        self._regimen = regimen
        self._noise = noise
        self._device = model.device.type
        self._precision = precision
        self.scale = LossScale(precision)

    def accumulate(self, rows: Sequence[Row]) -> StepResult:
        batches = list(self._batching.batches(rows))
        learned = sum(batch.learned_tokens for batch in batches)
        loss = self._backward(batches, learned)
        while math.isfinite(loss) and not self.scale.settle(self._model.parameters()):
            loss = self._backward(batches, learned)
        penalty = self._regimen.penalty()
        if penalty is not None:
            penalty.backward()
        return StepResult(loss, sum(batch.tokens for batch in batches), learned)

    @torch.no_grad()
    def evaluate(self, rows: Sequence[Row]) -> float:
        self._model.eval()
        total, learned = 0.0, 0
        for start in range(0, len(rows), _EVALUATED_AT_ONCE):
            for batch in self._batching.batches(rows[start : start + _EVALUATED_AT_ONCE]):
                total += float(self._summed_loss(batch))
                learned += batch.learned_tokens
        self._model.train()
        return total / learned

    def _backward(self, batches: Sequence[Batch], learned: int) -> float:
        """The mean loss of all batches; its gradients are scaled."""
        total = 0.0
        for batch in batches:
            with self._noise.over(batch):
                loss = self._summed_loss(batch) / learned
            (self.scale.factor * loss).backward()
            total += float(loss.detach())
        return total

    def _summed_loss(self, batch: Batch) -> torch.Tensor:
        """Cross entropy summed over the learned tokens, in fp32."""
        with computing_in(self._precision, self._device):
            return summed_loss(self._model, batch)
