"""Batch in, loss and accumulated gradients out: the part of training that depends on how the model is computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch
from torch.nn import functional

from workbench.data.rendering.rows import IGNORED, Row
from workbench.training.batches import Batch, collate, micro_batches

if TYPE_CHECKING:
    from peft import PeftModel


@dataclass(frozen=True)
class StepResult:
    """`loss` is the mean over the learned tokens of the whole batch, in nats."""

    loss: float
    tokens: int
    learned_tokens: int


class Stepper(Protocol):
    """What the loop asks of an engine."""

    def accumulate(self, rows: Sequence[Row]) -> StepResult:
        """Add the gradients of one batch's mean loss to the trainable parameters."""

    def evaluate(self, rows: Sequence[Row]) -> float:
        """Mean loss over the learned tokens, without dropout, touching no random state."""


class StandardStepper:
    """transformers and PEFT with autograd."""

    def __init__(self, model: "PeftModel", micro_batch_size: int, pad_id: int, precision: str) -> None:
        self._model = model
        self._micro_batch_size = micro_batch_size
        self._pad_id = pad_id
        self._device = model.device.type
        self._precision = precision

    def accumulate(self, rows: Sequence[Row]) -> StepResult:
        batches = self._batches(rows)
        learned = sum(batch.learned_tokens for batch in batches)
        total = 0.0
        for batch in batches:
            loss = self._summed_loss(batch) / learned
            loss.backward()
            total += float(loss.detach())
        return StepResult(total, sum(batch.tokens for batch in batches), learned)

    @torch.no_grad()
    def evaluate(self, rows: Sequence[Row]) -> float:
        self._model.eval()
        batches = self._batches(rows)
        total = sum(float(self._summed_loss(batch)) for batch in batches)
        self._model.train()
        return total / sum(batch.learned_tokens for batch in batches)

    def _batches(self, rows: Sequence[Row]) -> list[Batch]:
        pieces = micro_batches(rows, self._micro_batch_size)
        return [collate(piece, self._pad_id, self._device) for piece in pieces]

    def _summed_loss(self, batch: Batch) -> torch.Tensor:
        """Cross entropy summed over the learned tokens, in fp32."""
        with torch.autocast(self._device, torch.bfloat16, enabled=self._precision == "bf16"):
            outputs = self._model(input_ids=batch.input_ids, attention_mask=batch.attention_mask, use_cache=False)
        labels = batch.labels[:, 1:]
        learned = labels != IGNORED
        return functional.cross_entropy(outputs.logits[:, :-1][learned].float(), labels[learned], reduction="sum")
