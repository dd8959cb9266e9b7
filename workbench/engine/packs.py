"""Rows back to back in one sequence, without padding, and what each of their tokens is to predict."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import torch

from workbench.data.rendering.rows import IGNORED, Row


@dataclass(frozen=True)
class Pack:
    """All tensors int64."""

    ids: torch.Tensor
    """[tokens]"""

    positions: torch.Tensor
    """[tokens], the place of each in its own row."""

    starts: torch.Tensor
    """[rows + 1], where each row begins, and where the last one ends."""

    predicting: torch.Tensor
    """[learned], the tokens after which comes one that is learned."""

    labels: torch.Tensor
    """[learned], what comes after these."""


def pack(rows: Sequence[Row]) -> Pack:
    """No row predicts the first token of the next."""
    lengths = [len(row.input_ids) for row in rows]
    following = list(chain.from_iterable([*row.labels[1:], IGNORED] for row in rows))
    labels = torch.tensor(following)
    predicting = (labels != IGNORED).nonzero().squeeze(1)
    return Pack(
        ids=torch.tensor(list(chain.from_iterable(row.input_ids for row in rows))),
        positions=torch.cat([torch.arange(length) for length in lengths]),
        starts=torch.tensor([0, *accumulate(lengths)]),
        predicting=predicting,
        labels=labels[predicting],
    )
