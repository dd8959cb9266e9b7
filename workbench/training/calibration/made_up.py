"""What is computed to measure a machine: models of a few sizes and rows of random words."""

from dataclasses import dataclass

import torch

from workbench.data.rendering.rows import IGNORED, Row
from workbench.memory.rates import MEASURED_ROW_TOKENS

HEAD_WIDTH = 64
VOCABULARY = 512
RANK = 8
LONG = 1024
"""Tokens of a long row."""

LARGE_VOCABULARY = 1 << 15


@dataclass(frozen=True)
class Size:
    """Of a layer in which every query has keys of its own."""

    hidden: int
    intermediate: int

    @property
    def weights(self) -> int:
        return 4 * self.hidden**2 + 3 * self.hidden * self.intermediate


SMALL, USUAL, LARGE = Size(256, 704), Size(576, 1536), Size(1024, 2816)
"""The layers of models of about 5 M, 130 M and 500 M parameters."""


@dataclass(frozen=True)
class Model:
    """What is to be made."""

    size: Size
    precision: str = "fp32"
    kind: str = "none"
    """Of the codes that its weights are held as."""
    full: bool = False
    """Whether its own weights are trained."""
    layers: int = 1
    vocabulary: int = VOCABULARY


def make_rows(count: int, tokens: int, learned: int = 2) -> list[Row]:
    """Rows of so many tokens each, of which the last few are learned."""
    rows = []
    for place in range(count):
        ids = torch.randint(0, VOCABULARY, (tokens,)).tolist()
        rows.append(Row(ids, [IGNORED] * (tokens - learned) + ids[tokens - learned :], place))
    return rows


def make_batch(tokens: int, batches: int = 1) -> list[Row]:
    """As many tokens for each of the batches, in rows of the usual length."""
    each = min(tokens, MEASURED_ROW_TOKENS)
    return make_rows(batches * tokens // each, each)
