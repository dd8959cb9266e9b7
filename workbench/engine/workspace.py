"""The memory of a step, allocated once: what the way forward leaves for the way back, and what passes through."""

from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.engine.adapters import Adapters
from workbench.engine.kernels import Attended
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
    scratch: Tensor
    """[tokens, the widest input], for dropout."""


class Workspace:
    """Grows to the longest pack that it was asked for."""

    def __init__(self, shape: Shape, adapters: Adapters, dtype: torch.dtype) -> None:
        self._shape = shape
        self._adapters = adapters
        self._dtype = dtype
        self._tokens = 0
        self._layers: list[dict[str, Tensor]] = [{} for _ in shape.layers]
        self._passing: dict[str, Tensor] = {}

    def reserve(self, tokens: int) -> None:
        """Make room for a pack of so many tokens, to go forward and back."""
        if tokens > self._tokens:
            self._tokens = tokens
            for layer in range(len(self._layers)):
                self._layers[layer] = {}  # given up first, so that both are never there at a time
                self._layers[layer] = self._allocate(self._layer_sizes(layer))
            self._passing = {}
            self._passing = self._allocate(self._passing_sizes())

    def layer(self, number: int, tokens: int) -> Saved:
        """The memory of one layer."""
        return Saved(**{name: memory[:tokens] for name, memory in self._layers[number].items()})

    def passing(self, tokens: int) -> Passing:
        """The memory of the way back."""
        return Passing(**{name: memory[:tokens] for name, memory in self._passing.items()})

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
        inputs = max(shape.hidden, shape.intermediate, heads.query_width)
        widest = max(self._adapters.columns(layer, fused) for layer in range(len(shape.layers)) for fused in FUSED)
        widths = {
            "grad": shape.hidden,
            "wide": inputs + widest,
            "grad_qkv": heads.query_width + 2 * heads.key_width,
            "grad_plain_qk": heads.query_width + heads.key_width if shape.normed_heads else 0,
            "scratch": inputs if self._adapters.dropout else 0,
        }
        return {name: (width, self._dtype) for name, width in widths.items()}
