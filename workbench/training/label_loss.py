"""The loss of a batch: cross entropy over the learned tokens, for which alone the vocabulary is gone through."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.autograd.function import once_differentiable

from workbench.data.rendering.rows import IGNORED
from workbench.training.batches import Batch

if TYPE_CHECKING:
    from workbench.methods.base import Network

_CHUNK_NUMBERS = 2**19
"""Logits that are worked on at once in full precision: few enough to stay in the processor's cache."""


def summed_loss(model: "Network", batch: Batch) -> torch.Tensor:
    """Cross entropy summed over the learned tokens, in fp32."""
    labels = batch.labels[:, 1:]
    learned = labels != IGNORED
    # The last token has nothing after it that could be learned.
    predicting = torch.nn.functional.pad(learned, (0, 1))
    with _only(predicting, model):
        # A cache would switch off, without a word, what keeps packed examples apart.
        logits = model(**batch.inputs, use_cache=False).logits
    return _SummedCrossEntropy.apply(_of(predicting, logits), labels[learned])


@contextmanager
def _only(positions: torch.Tensor, model: "Network") -> Iterator[None]:
    """Within this, the output layer is given what stands at `positions` alone, as one sequence.

    What models do with logits after that (a cap, a scale) goes number by number, and is theirs as ever.
    """
    head: Any = model.get_output_embeddings()
    if head is None:
        yield
        return
    hook = head.register_forward_pre_hook(lambda _, given: (_narrowed(positions, given[0]), *given[1:]))
    try:
        yield
    finally:
        hook.remove()


def _narrowed(positions: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """The states at `positions` as one sequence; all of them where they are not a state for each token."""
    is_usual = states.dim() == 3 and len(states) == len(positions)
    return _of(positions, states).unsqueeze(0) if is_usual else states


def _of(positions: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
    """The states at `positions`, of those of all tokens or of these already; shape [positions, size of a state]."""
    count = int(positions.sum())
    if states.shape[:2] == (1, count):
        return states[0]
    # Trained words before the text have states of their own, which nothing is learned from.
    return states[:, -positions.shape[1] :][positions]


class _SummedCrossEntropy(torch.autograd.Function):
    """As torch's own, summed, in fp32: -Σ log softmax(logits)[label]. The full precision is never held as a whole."""

    @staticmethod
    def forward(ctx: Any, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        scales = torch.cat([part.float().logsumexp(1) for part in logits.split(_rows(logits))])
        ctx.save_for_backward(logits, labels, scales)
        return (scales - logits.gather(1, labels.unsqueeze(1)).squeeze(1).float()).sum()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        logits, labels, scales = ctx.saved_tensors
        slopes, rows = torch.empty_like(logits), _rows(logits)
        for start in range(0, len(labels), rows):
            own = slice(start, start + rows)
            chances = logits[own].float().sub_(scales[own].unsqueeze(1)).exp_()
            chances.scatter_add_(1, labels[own].unsqueeze(1), -torch.ones_like(chances[:, :1]))
            slopes[own] = chances.mul_(gradients[0])
        return slopes, None


def _rows(logits: torch.Tensor) -> int:
    return max(1, _CHUNK_NUMBERS // logits.shape[1])
