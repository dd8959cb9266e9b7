"""Batches through the fast path: rows back to back in packs, which threads compute side by side."""

import math
from collections.abc import Sequence

import torch

from workbench.data.rendering.rows import Row
from workbench.engine.crew import Crew
from workbench.engine.decoder import Decoder
from workbench.engine.footprint import TOKENS_AT_ONCE
from workbench.engine.packs import pack
from workbench.training.stepper import StepResult

_EVALUATED_AT_ONCE = 256
"""Rows that are held in memory while held-out ones are tried."""

_SEEDS = 1 << 62


class FastStepper:
    """Trains the adapters of a decoder; about `rows_at_once` rows are computed at a time."""

    def __init__(self, decoder: Decoder, crew: Crew, rows_at_once: int) -> None:
        self._decoder = decoder
        self._crew = crew
        self._rows_at_once = rows_at_once

    def accumulate(self, rows: Sequence[Row]) -> StepResult:
        packs = [pack(some) for some in share_out(rows, self._count(rows))]
        learned = sum(len(each.labels) for each in packs)
        # From the generator whose state checkpoints hold, so that a resume leaves out the same.
        seeds = torch.randint(_SEEDS, (len(packs),)).tolist()
        self._decoder.refresh()
        loss = self._crew.learn(packs, 1 / learned, seeds)
        return StepResult(loss / learned, sum(len(each.ids) for each in packs), learned)

    def evaluate(self, rows: Sequence[Row]) -> float:
        self._decoder.refresh()
        total, learned = 0.0, 0
        for start in range(0, len(rows), _EVALUATED_AT_ONCE):
            some = rows[start : start + _EVALUATED_AT_ONCE]
            packs = [pack(these) for these in share_out(some, self._count(some))]
            total += self._crew.loss(packs)
            learned += sum(len(each.labels) for each in packs)
        return total / learned

    def _count(self, rows: Sequence[Row]) -> int:
        """Packs for these rows: as many for each lane."""
        tokens = sum(len(row.input_ids) for row in rows)
        return self._crew.lanes * math.ceil(max(len(rows) / self._rows_at_once, tokens / TOKENS_AT_ONCE))


def share_out(rows: Sequence[Row], count: int) -> list[list[Row]]:
    """The rows in so many packs of about as many tokens, or in fewer where rows are few; the largest pack first."""
    packs: list[list[Row]] = [[] for _ in range(count)]
    tokens = [0] * count
    for row in sorted(rows, key=lambda row: len(row.input_ids), reverse=True):
        smallest = tokens.index(min(tokens))
        packs[smallest].append(row)
        tokens[smallest] += len(row.input_ids)
    by_size = sorted(zip(tokens, range(count), strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [packs[place] for size, place in by_size if size]
