"""Rows back to back in one sequence, and what each of their tokens is to predict."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import torch

from workbench.data.rendering.rows import IGNORED, Row
from workbench.engine.footprint import packed_tokens


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
    """No row predicts the first token of the next.

    A last one that nobody learns fills them up: products of each new size are compiled first, which takes about half as
    long as an update, and few sizes come again and again.
    """
    lengths = [len(row.input_ids) for row in rows]
    filler = packed_tokens(sum(lengths)) - sum(lengths)
    following = list(chain.from_iterable([*row.labels[1:], IGNORED] for row in rows))
    labels = torch.tensor(following)
    predicting = (labels != IGNORED).nonzero().squeeze(1)
    return Pack(
        ids=torch.tensor([*chain.from_iterable(row.input_ids for row in rows), *([0] * filler)]),
        positions=torch.cat([torch.arange(length) for length in (*lengths, filler)]),
        starts=torch.tensor([0, *accumulate([*lengths, filler] if filler else lengths)]),
        predicting=predicting,
        labels=labels[predicting],
    )
