"""What the fast path takes of memory, by arithmetic. No torch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.engine.shape import FUSED, Shape

TOKENS_AT_ONCE = 2048
"""In the packs that are computed side by side: longer ones are hardly faster, and memory grows with them."""

LOGITS_BYTES = 48 << 20
"""Of the logits that a thread holds at once, the largest thing there is: memory does not grow with the vocabulary."""

FEWEST_LOGITS = 16
"""Rows of logits, whatever the vocabulary."""

_LEAST_STEP = 16
_STEPS_BITS = 3
"""Of the sizes that packs have there are eight between one power of two and the next."""

_ALIGNED = 32
"""Columns for adapters come in groups of this many numbers, as the tiles of a processor do."""

_FP32 = 4


def packed_tokens(tokens: int) -> int:
    """As many as a pack of so many is filled up to, see `packs.pack`."""
    step = max(_LEAST_STEP, (1 << tokens.bit_length()) >> (_STEPS_BITS + 1))
    return math.ceil(tokens / step) * step


def adapter_columns(ranks: int) -> int:
    """How many columns a fused product is made wider by, for adapters of so many ranks together."""
    return math.ceil(ranks / _ALIGNED) * _ALIGNED


def ranks_by_product(ranks: Mapping[str, int], layers: int) -> dict[tuple[int, str], int]:
    """Those of all modules of a fused product together, by layer and name, from those of modules by full names."""
    return {
        (layer, fused): sum(ranks.get(f"model.layers.{layer}.{role}", 0) for role in roles)
        for layer in range(layers)
        for fused, roles in FUSED.items()
    }


@dataclass(frozen=True)
class Footprint:
    """Of a decoder with adapters of so many `ranks` in each fused product, by layer and name."""

    shape: Shape
    ranks: Mapping[tuple[int, str], int]
    number_bytes: int
    """Of the type that is computed in."""

    def thread_bytes(self, tokens: int, *, decodes: bool, drops: bool) -> int:
        """What one thread needs to compute packs of up to so many tokens, logits left aside."""
        widest = max(self.shape.hidden, self.shape.intermediate, self.shape.heads.query_width)
        passing = widest + max(self._columns.values()) + self.shape.hidden + self._qkv_width + self._turned_width
        of_token = self.saved_bytes + self.number_bytes * (passing + drops * widest)
        return tokens * (of_token + self.around_bytes) + decodes * self._largest_product_bytes

    @property
    def operand_bytes(self) -> int:
        """A and B of all products as the decoder multiplies with them."""
        numbers = (sum(self._size(fused)) * columns for (_, fused), columns in self._columns.items())
        return self.number_bytes * sum(numbers)

    @property
    def taught_numbers(self) -> int:
        """Gradients that a pack gives."""
        return sum(sum(self._size(fused)) * ranks for (_, fused), ranks in self.ranks.items())

    @property
    def saved_bytes(self) -> int:
        """What one token leaves in all layers for the way back."""
        shape, heads = self.shape, self.shape.heads
        numbers = 4 * shape.hidden + heads.query_width + 3 * shape.intermediate + self._qkv_width + self._turned_width
        in_fp32 = heads.query + 2 + shape.normed_heads * (heads.query + heads.key_value)
        of_layer = self.number_bytes * numbers + _FP32 * in_fp32
        return of_layer * len(shape.layers) + self.number_bytes * sum(self._columns.values())

    @property
    def logits_bytes(self) -> int:
        """What one thread holds of logits."""
        row_bytes = self.shape.vocabulary * self.number_bytes
        return max(FEWEST_LOGITS, LOGITS_BYTES // row_bytes) * row_bytes

    def written_logits_bytes(self, tokens: int) -> int:
        """Of these, what a pack of so many tokens writes to: the rest is memory in name only."""
        return min(self.logits_bytes, tokens * self.shape.vocabulary * self.number_bytes)

    def attention_bytes(self, length: int) -> int:
        """What attention needs beside its matrices for examples of up to so many tokens: `c/attention_backward.c`.

        A head's keys, values, and keys turned, and the sums of two heads that may be shared with another thread.
        """
        return length * self.shape.heads.width * (3 + 4) * _FP32

    @property
    def _columns(self) -> dict[tuple[int, str], int]:
        return {place: adapter_columns(ranks) for place, ranks in self.ranks.items()}

    @property
    def _qkv_width(self) -> int:
        return self.shape.heads.query_width + 2 * self.shape.heads.key_width

    @property
    def _turned_width(self) -> int:
        """Queries and keys as they were before they were normed, where they are."""
        return self.shape.normed_heads * (self.shape.heads.query_width + self.shape.heads.key_width)

    @property
    def around_bytes(self) -> int:
        """What the last layer gives, where something is learned, normed, and its gradient; the places' turns."""
        return 5 * self.number_bytes * self.shape.hidden + 4 * _FP32 * self.shape.heads.width

    @property
    def _largest_product_bytes(self) -> int:
        sizes = ((*self._size(fused), columns) for (_, fused), columns in self._columns.items())
        return self.number_bytes * max(rows * (inputs + columns) for rows, inputs, columns in sizes)

    def _size(self, fused: str) -> tuple[int, int]:
        sizes = [self.shape.product(role.rpartition(".")[2]) for role in FUSED[fused]]
        return sum(rows for rows, _ in sizes), sizes[0][1]
