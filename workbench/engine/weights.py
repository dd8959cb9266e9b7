"""The frozen weights of a decoder, as the fast path holds them: what reads the same input stands together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.engine.coded import Coded
from workbench.engine.shape import Shape

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class LayerWeights:
    """One layer. Products go by the names in `shape.FUSED`."""

    attention_norm: "Tensor"
    """[hidden] fp32, as all norms."""

    mlp_norm: "Tensor"
    products: "dict[str, Tensor | tuple[Coded, ...]]"
    """Whole: [rows, columns + those asked for an adapter], zeros there. As codes: one of each map, nothing added."""

    biases: "dict[str, Tensor]"
    """[rows] in the type that is computed in; only of the products that have one."""

    query_norm: "Tensor | None" = None
    """[head width] fp32, where heads are normed."""

    key_norm: "Tensor | None" = None


@dataclass(frozen=True)
class Weights:
    """A whole decoder; embedding and head [vocabulary, hidden] are one tensor where they are tied."""

    shape: Shape
    embedding: "Tensor"
    layers: tuple[LayerWeights, ...]
    norm: "Tensor"
    head: "Tensor"
