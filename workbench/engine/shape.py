"""What a Llama-shaped decoder is: widths, heads, places, and which parts it has. No torch."""

from dataclasses import dataclass
from typing import Literal

Activation = Literal["silu", "gelu_tanh"]


@dataclass(frozen=True)
class Heads:
    """The attention heads of a layer. Several query heads may share one of keys and values."""

    query: int
    key_value: int
    width: int
    scale: float
    """What the product of a query and a key is multiplied by."""

    @property
    def query_width(self) -> int:
        """Numbers that the queries of one token are."""
        return self.query * self.width

    @property
    def key_width(self) -> int:
        """Numbers that the keys of one token are; its values are as many."""
        return self.key_value * self.width


@dataclass(frozen=True)
class LayerShape:
    """In what one layer may differ from the others."""

    rope: int | None = 0
    """Which of the model's rotations turns its queries and keys; None turns them by none."""

    window: int = 0
    """How many tokens a token sees, itself among them; 0 for all before it."""


@dataclass(frozen=True)
class Rope:
    """A rotation of queries and keys by their places (Su et al. 2021, arXiv:2104.09864)."""

    frequencies: tuple[float, ...]
    """Radians a token, one for each pair of numbers turned: number i and number i + len(frequencies)."""

    factor: float = 1.0
    """What cosine and sine are multiplied by (YaRN, Peng et al. 2023, arXiv:2309.00071)."""


@dataclass(frozen=True)
class Shape:
    """A whole decoder."""

    vocabulary: int
    hidden: int
    intermediate: int
    heads: Heads
    layers: tuple[LayerShape, ...]
    ropes: tuple[Rope, ...]
    activation: Activation
    epsilon: float
    """Of all norms."""

    tied: bool
    """Whether the output layer is the embedding."""

    normed_heads: bool = False
    """Whether each head of queries and keys is normed before it is turned (Qwen3)."""

    biased: frozenset[str] = frozenset()
    """The linear maps that add a bias, such as "q_proj"."""

    context: int = 0
    """The longest text; 0 for no limit."""

    def product(self, role: str) -> tuple[int, int]:
        """(out, in) of one of a layer's linear maps, by the name that its module has in transformers."""
        wide, narrow = self.heads.query_width, self.heads.key_width
        return {
            "q_proj": (wide, self.hidden),
            "k_proj": (narrow, self.hidden),
            "v_proj": (narrow, self.hidden),
            "o_proj": (self.hidden, wide),
            "gate_proj": (self.intermediate, self.hidden),
            "up_proj": (self.intermediate, self.hidden),
            "down_proj": (self.hidden, self.intermediate),
        }[role]


FUSED: dict[str, tuple[str, ...]] = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "out": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
"""The linear maps of a layer that read the same input are computed as one; these are their modules, in this order."""
