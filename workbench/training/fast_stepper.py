"""Batches through the fast path: rows back to back in packs, which threads compute side by side."""

from collections.abc import Sequence

import torch

from workbench.data.rendering.rows import Row
from workbench.engine.crew import Crew
from workbench.engine.decoder import Decoder
from workbench.engine.packs import Pack, pack
from workbench.training.sharing import count_packs, share_out
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
        packs = self._packs(rows)
        learned = sum(len(each.labels) for each in packs)
        # From the generator whose state checkpoints hold, so that a resume leaves out the same.
        seeds = torch.randint(_SEEDS, (len(packs),)).tolist()
        self._decoder.refresh()
        loss = self._crew.learn(packs, 1 / learned, seeds)
        return StepResult(loss / learned, sum(len(row.input_ids) for row in rows), learned)

    def evaluate(self, rows: Sequence[Row]) -> float:
        self._decoder.refresh()
        total, learned = 0.0, 0
        for start in range(0, len(rows), _EVALUATED_AT_ONCE):
            packs = self._packs(rows[start : start + _EVALUATED_AT_ONCE])
            total += self._crew.loss(packs)
            learned += sum(len(each.labels) for each in packs)
        return total / learned

    def _packs(self, rows: Sequence[Row]) -> list[Pack]:
        lengths = [len(row.input_ids) for row in rows]
        shares = share_out(lengths, count_packs(lengths, self._crew.lanes, self._rows_at_once))
        return [pack([rows[place] for place in places]) for places in shares]
