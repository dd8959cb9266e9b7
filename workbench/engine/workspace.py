"""The memory of a step, allocated once: what the way forward leaves for the way back, and what passes through."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters
from workbench.engine.footprint import FEWEST_LOGITS, LOGITS_BYTES
from workbench.engine.kernels import Attended
from workbench.engine.linear import Desk
from workbench.engine.shape import FUSED, Shape


@dataclass(frozen=True)
class Saved:
    """What one layer leaves. Wide matrices have the columns of the adapter that reads them at their right."""

    before: Tensor
    """[tokens, hidden], what the layer is given."""

    normed: Tensor
    """[tokens, hidden], wide: what q, k and v read."""

    qkv: Tensor
    """[tokens, (query + 2 · key_value) · head width], turned by their places."""

    mixed: Tensor
    """[tokens, query · head width], wide: what attention gave."""

    log_sums: Tensor
    """[tokens, query heads] fp32"""

    between: Tensor
    """[tokens, hidden], after attention was added."""

    normed_again: Tensor
    """[tokens, hidden], wide: what gate and up read."""

    gate_up: Tensor
    """[tokens, 2 · intermediate]"""

    gated: Tensor
    """[tokens, intermediate], wide: what the last product reads."""

    inverse: Tensor
    """[tokens, 1] fp32 of the first norm."""

    inverse_again: Tensor
    """[tokens, 1] fp32 of the second."""

    plain_qk: Tensor | None = None
    """[tokens, (query + key_value) · head width] before they were normed, where they are."""

    inverse_qk: Tensor | None = None
    """[tokens, query + key_value heads] fp32"""

    def attended(self, query_width: int) -> Attended:
        """What attention gave, without the columns of an adapter."""
        return Attended(self.mixed[:, :query_width], self.log_sums)


@dataclass(frozen=True)
class Passing:
    """What the way back passes through, layer after layer."""

    grad: Tensor
    """[tokens, hidden], of the sum that goes past all layers."""

    wide: Tensor
    """[tokens, the widest input of a product with its adapter]"""

    grad_qkv: Tensor
    grad_plain_qk: Tensor


class Workspace:
    """What one thread needs to compute packs. Grows to the longest that it was asked for."""

    def __init__(self, shape: Shape, adapters: Adapters, dtype: torch.dtype, *, decodes: bool) -> None:
        self._shape = shape
        self._adapters = adapters
        self._dtype = dtype
        self._tokens = 0
        self._layers: list[dict[str, Tensor]] = [{} for _ in shape.layers]
        self._passing: dict[str, Tensor] = {}
        self._decoded = torch.empty(self._largest_product() if decodes else 0, dtype=dtype)
        self._dropped = torch.empty(0, 0, dtype=dtype)
        logits = max(FEWEST_LOGITS, LOGITS_BYTES // (shape.vocabulary * dtype.itemsize))
        self.logits = torch.empty(logits, shape.vocabulary, dtype=dtype)
        """[rows, vocabulary]: as many as are held at once."""

    def reserve(self, tokens: int) -> None:
        """Make room for a pack of so many tokens, to go forward and back."""
        if tokens > self._tokens:
            self._tokens = tokens
            for layer in range(len(self._layers)):
                self._layers[layer] = {}  # given up first, so that both are never there at a time
                self._layers[layer] = self._allocate(self._layer_sizes(layer))
            self._passing = {}
            self._passing = self._allocate(self._passing_sizes())
            if self._adapters.dropout:
                self._dropped = torch.empty(tokens, self._widest_input(), dtype=self._dtype)

    def layer(self, number: int, tokens: int) -> Saved:
        """The memory of one layer."""
        return Saved(**{name: memory[:tokens] for name, memory in self._layers[number].items()})

    def passing(self, tokens: int) -> Passing:
        """The memory of the way back."""
        return Passing(**{name: memory[:tokens] for name, memory in self._passing.items()})

    def desk(self, seed: int | None) -> Desk:
        """What products need for a moment; by `seed` inputs of adapters are left out, None leaves all in."""
        dropout = self._adapters.dropout if seed is not None else 0.0
        return Desk(self._decoded, self._dropped, dropout, seed or 0)

    def _allocate(self, sizes: dict[str, tuple[int, torch.dtype]]) -> dict[str, Tensor]:
        # Zeros, since adapter columns that no module fills are multiplied too.
        return {name: torch.zeros(self._tokens, width, dtype=dtype) for name, (width, dtype) in sizes.items()}

    def _layer_sizes(self, layer: int) -> dict[str, tuple[int, torch.dtype]]:
        shape, heads, columns = self._shape, self._shape.heads, self._adapters.columns
        widths = {
            "before": shape.hidden,
            "normed": shape.hidden + columns(layer, "qkv"),
            "qkv": heads.query_width + 2 * heads.key_width,
            "mixed": heads.query_width + columns(layer, "out"),
            "between": shape.hidden,
            "normed_again": shape.hidden + columns(layer, "gate_up"),
            "gate_up": 2 * shape.intermediate,
            "gated": shape.intermediate + columns(layer, "down"),
        }
        in_fp32 = {"log_sums": heads.query, "inverse": 1, "inverse_again": 1}
        if shape.normed_heads:
            widths["plain_qk"] = heads.query_width + heads.key_width
            in_fp32["inverse_qk"] = heads.query + heads.key_value
        numbers = {name: (width, self._dtype) for name, width in widths.items()}
        return numbers | {name: (width, torch.float32) for name, width in in_fp32.items()}

    def _passing_sizes(self) -> dict[str, tuple[int, torch.dtype]]:
        shape, heads = self._shape, self._shape.heads
        widths = {
            "grad": shape.hidden,
            "wide": self._widest_input() + max(self._adapters.columns(*place) for place in self._places()),
            "grad_qkv": heads.query_width + 2 * heads.key_width,
            "grad_plain_qk": heads.query_width + heads.key_width if shape.normed_heads else 0,
        }
        return {name: (width, self._dtype) for name, width in widths.items()}

    def _widest_input(self) -> int:
        return max(self._shape.hidden, self._shape.intermediate, self._shape.heads.query_width)

    def _largest_product(self) -> int:
        sizes = (self._adapters.size(*place) for place in self._places())
        return max(rows * (inputs + columns) for rows, inputs, columns in sizes)

    def _places(self) -> Iterator[tuple[int, str]]:
        return product(range(len(self._shape.layers)), FUSED)
