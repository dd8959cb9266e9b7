"""NEFTune: what is read is blurred a little while it is learned from (Jain et al. 2023, arXiv:2310.05914)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

from workbench.training.batches import Batch

if TYPE_CHECKING:
    from workbench.methods.base import Network


class Noise:
    """Uniform noise on the embeddings, of alpha / √(L·d) at most: L tokens in the example, d numbers a token.

    It is drawn from the random state that checkpoints hold. An alpha of 0 draws nothing.
    """

    def __init__(self, model: "Network", alpha: float) -> None:
        self._model = model
        self._alpha = alpha

    @contextmanager
    def over(self, batch: Batch) -> Iterator[None]:
        """Within this, the model reads the batch through noise."""
        if not self._alpha:
            yield
            return
        embeddings: Any = self._model.get_input_embeddings()
        hook = embeddings.register_forward_hook(lambda _, given, read: read + self._drawn(read, batch.lengths))
        try:
            yield
        finally:
            hook.remove()

    def _drawn(self, read: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        most = self._alpha / torch.sqrt(lengths * read.shape[-1])
        return (torch.empty_like(read, dtype=torch.float32).uniform_(-1, 1) * most.unsqueeze(-1)).to(read.dtype)
