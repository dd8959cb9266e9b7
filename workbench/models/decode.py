"""Answers, token by token: the same decoding for watched answers in training and for chat, whatever reads the text.

for token in Decoding(reader, prompt_ids, Sampling(temperature=0.7), eos_ids): ...
"""

from collections.abc import Iterator
from typing import Literal, Protocol

import torch

from workbench.config.sampling import Sampling
from workbench.models.sampling import Sampler

PIECE_TOKENS = 512
"""A long prompt is read in pieces of this size, so that a stop is noticed between them."""

StopReason = Literal["end", "length", "context", "stopped"]


class Reader(Protocol):
    """Feeds one growing text to a model, remembering what it has read."""

    read_tokens: int
    """How much of the text was read."""

    context_tokens: float
    """How long a text may become."""

    def read(self, text_ids: list[int]) -> torch.Tensor:
        """Read the next piece of the text; returns the logits after it."""


class Decoding(Iterator[int]):
    """An answer under way. `stop_reason` is None until it has ended."""

    def __init__(self, reader: Reader, prompt_ids: list[int], sampling: Sampling, eos_ids: frozenset[int]) -> None:
        self.stop_reason: StopReason | None = None
        self._reader = reader
        self._ids = list(prompt_ids)
        self._end_length = len(prompt_ids) + sampling.max_new_tokens
        self._sampler = Sampler(sampling)
        self._eos_ids = eos_ids

    def __next__(self) -> int:
        logits = None if self._is_full() else self._read()
        if logits is None or self.stop_reason:
            raise StopIteration
        token = self._sampler.pick(logits, self._ids)
        if token in self._eos_ids:
            self.stop_reason = "end"
            raise StopIteration
        self._ids.append(token)
        return token

    def close(self) -> None:
        """Stop before the next token or piece of the prompt; may be called from another thread."""
        self.stop_reason = self.stop_reason or "stopped"

    def _is_full(self) -> bool:
        if self.stop_reason is None and len(self._ids) >= self._end_length:
            self.stop_reason = "length"
        if self.stop_reason is None and len(self._ids) >= self._reader.context_tokens:
            self.stop_reason = "context"
        return self.stop_reason is not None

    def _read(self) -> torch.Tensor | None:
        """Logits after the last token; None if stopped before the whole text was read."""
        logits = None
        while self._reader.read_tokens < len(self._ids) and self.stop_reason is None:
            logits = self._reader.read(self._ids)
        return logits
