"""Rows as tensors: how the examples of one update become what a model is given."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch

from workbench.data.rendering.rows import IGNORED, Row
from workbench.training.sharing import fill_packs, group_by_length


@dataclass(frozen=True)
class Batch:
    """What is computed at once; each tensor is [sequences, longest sequence] of int64."""

    input_ids: torch.Tensor
    labels: torch.Tensor
    attention_mask: torch.Tensor | None = None
    """Where padded: 1 for a token, 0 for padding."""
    position_ids: torch.Tensor | None = None
    """Where packed: the place of each token in its own example."""

    @property
    def inputs(self) -> dict[str, torch.Tensor]:
        """What the model is called with."""
        given = {name: getattr(self, name) for name in ("input_ids", "attention_mask", "position_ids")}
        return {name: tensor for name, tensor in given.items() if tensor is not None}

    @property
    def lengths(self) -> torch.Tensor:
        """For each token, how many the example has that it belongs to."""
        if self.attention_mask is not None:
            return self.attention_mask.sum(dim=1, keepdim=True).expand_as(self.input_ids)
        assert self.position_ids is not None
        example = (self.position_ids[0] == 0).cumsum(0) - 1
        return example.bincount()[example].unsqueeze(0)

    @property
    def tokens(self) -> int:
        """Tokens that are not padding."""
        return self.input_ids.numel() if self.attention_mask is None else int(self.attention_mask.sum())

    @property
    def learned_tokens(self) -> int:
        """Tokens that are predicted: the first of an example never is."""
        return int((self.labels[:, 1:] != IGNORED).sum())


class Batching(Protocol):
    """How rows are computed together."""

    def batches(self, rows: Sequence[Row]) -> Iterator[Batch]:
        """All of `rows`, each in one batch."""


@dataclass(frozen=True)
class Padded:
    """Each row a sequence of its own, filled up to the longest. Rows of like length go together, so less is filled."""

    micro_batch_size: int
    pad_id: int
    device: str

    def batches(self, rows: Sequence[Row]) -> Iterator[Batch]:
        for places in group_by_length(_lengths(rows), self.micro_batch_size):
            yield collate([rows[place] for place in places], self.pad_id, self.device)


@dataclass(frozen=True)
class Packed:
    """Rows back to back in one sequence, without padding; only for a model that keeps them apart (see `apart`)."""

    micro_batch_size: int
    device: str

    def batches(self, rows: Sequence[Row]) -> Iterator[Batch]:
        for places in fill_packs(_lengths(rows), self.micro_batch_size):
            yield join([rows[place] for place in places], self.device)


def collate(rows: Sequence[Row], pad_id: int, device: str) -> Batch:
    """Pad rows on the right to the longest. Padding is masked by length, so that it may share its id with any token."""
    longest = max(len(row.input_ids) for row in rows)

    def padded(lists: list[list[int]], filler: int) -> torch.Tensor:
        return torch.tensor([ids + [filler] * (longest - len(ids)) for ids in lists], device=device)

    return Batch(
        input_ids=padded([row.input_ids for row in rows], pad_id),
        attention_mask=padded([[1] * len(row.input_ids) for row in rows], 0),
        labels=padded([row.labels for row in rows], IGNORED),
    )


def join(rows: Sequence[Row], device: str) -> Batch:
    """Rows as one sequence, in which positions start anew with each. No row predicts the first token of the next."""

    def joined(parts: Iterable[Sequence[int]]) -> torch.Tensor:
        return torch.tensor([[number for part in parts for number in part]], device=device)

    return Batch(
        input_ids=joined(row.input_ids for row in rows),
        labels=joined([IGNORED, *row.labels[1:]] for row in rows),
        position_ids=joined(range(len(row.input_ids)) for row in rows),
    )


def _lengths(rows: Sequence[Row]) -> list[int]:
    return [len(row.input_ids) for row in rows]
