"""Rows back to back in one sequence, without padding, and what each of their tokens is to predict."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import torch

from workbench.data.rendering.rows import IGNORED, Row
from workbench.engine.footprint import MOST_TOKENS


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


def share_out(rows: Sequence[Row], lanes: int, most_rows: int) -> list[list[Row]]:
    """Rows for so many threads: packs as equal as can be, and as many for each, where there are rows enough.

    A pack has at most `most_rows`. The longest rows are placed first, each where the least is so far (Graham 1969).
    """
    tokens = sum(len(row.input_ids) for row in rows)
    fewest = max(math.ceil(len(rows) / most_rows), math.ceil(tokens / MOST_TOKENS))
    for count in range(lanes * math.ceil(fewest / lanes), len(rows), lanes):
        shares = _share(rows, count, most_rows)
        if all(sum(len(row.input_ids) for row in share) <= MOST_TOKENS or len(share) == 1 for share in shares):
            return shares
    return [[row] for row in rows]


def _share(rows: Sequence[Row], count: int, most_rows: int) -> list[list[Row]]:
    shares: list[list[Row]] = [[] for _ in range(count)]
    filled = [0] * count
    for row in sorted(rows, key=lambda row: len(row.input_ids), reverse=True):
        least = min((place for place in range(count) if len(shares[place]) < most_rows), key=filled.__getitem__)
        shares[least].append(row)
        filled[least] += len(row.input_ids)
    return shares
