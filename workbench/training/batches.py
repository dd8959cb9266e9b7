"""Rows as tensors."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from workbench.data.rendering.rows import IGNORED, Row


@dataclass(frozen=True)
class Batch:
    """Padded rows; each tensor is [rows, longest row] of int64."""

    input_ids: torch.Tensor
    attention_mask: torch.Tensor
    labels: torch.Tensor

    @property
    def tokens(self) -> int:
        """Tokens that are not padding."""
        return int(self.attention_mask.sum())

    @property
    def learned_tokens(self) -> int:
        """Tokens that are predicted: the first of a row never is."""
        return int((self.labels[:, 1:] != IGNORED).sum())


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


def micro_batches(rows: Sequence[Row], size: int) -> list[Sequence[Row]]:
    """`rows` in pieces of at most `size`."""
    return [rows[start : start + size] for start in range(0, len(rows), size)]
