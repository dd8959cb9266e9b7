"""Answers, token by token: the same decoding for watched answers in training and for chat, whatever reads the text.

for token in Decoding(reader, prompt_ids, Sampling(temperature=0.7), eos_ids): ...

Answers that are written together are read from outside: whoever has the logits after `unread()` gives them to `take`.
"""

from collections.abc import Iterator, Sequence
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

    def read(self, text_ids: Sequence[int]) -> torch.Tensor:
        """Read the next piece of the text; returns the logits after it."""


class Decoding(Iterator[int]):
    """An answer under way. `stop_reason` is None until it has ended."""

    def __init__(self, reader: Reader, prompt_ids: list[int], sampling: Sampling, eos_ids: frozenset[int]) -> None:
        self.reader = reader
        self.ids = list(prompt_ids)
        self.stop_reason: StopReason | None = None
        self._end_length = len(prompt_ids) + sampling.max_new_tokens
        self._sampler = Sampler(sampling)
        self._eos_ids = eos_ids

    def __next__(self) -> int:
        while self.goes_on():
            token = self.take(self.reader.read(self.ids))
            if token is not None:
                return token
        raise StopIteration

    def goes_on(self) -> bool:
        """Whether there is more of the text to be read; else `stop_reason` tells why not."""
        if self.stop_reason is None and len(self.ids) >= self._end_length:
            self.stop_reason = "length"
        if self.stop_reason is None and len(self.ids) >= self.reader.context_tokens:
            self.stop_reason = "context"
        return self.stop_reason is None

    def take(self, logits: torch.Tensor) -> int | None:
        """The next token by the logits after what was read; None if more is to be read, or the answer has ended."""
        if self.stop_reason or self.reader.read_tokens < len(self.ids):
            return None
        token = self._sampler.pick(logits, self.ids)
        if token in self._eos_ids:
            self.stop_reason = "end"
            return None
        self.ids.append(token)
        return token

    def close(self) -> None:
        """Stop before the next token or piece of the prompt; may be called from another thread."""
        self.stop_reason = self.stop_reason or "stopped"
