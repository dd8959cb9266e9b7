"""What autograd keeps of a token in a layer until the way back, on the standard path, by which of it learns.

Counted in transformers' code of Llama and Qwen2, tensor by tensor. Others are built of the same parts.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from workbench.models.facts import ModelFacts
from workbench.models.layout import role_of

FP32 = 4

Place = Literal["inside", "beside", "around"]
"""The layers' own weights learn; or adapters of their products do; or only what stands before or between products."""


@dataclass(frozen=True)
class Learning:
    """What of a model learns, as far as it decides what is kept."""

    place: Place = "beside"
    layers: int | None = None
    """Gradients go back through so many, from the last; None for all."""
    ranks: int = 0
    """Of all adapters together."""
    numbers: int = 0
    """What a method keeps of a token besides, in all layers."""
    matrices: int = 0
    """Numbers of the weights that a method makes anew for each update."""


BESIDE = Learning()
"""Plain adapters of products, as good as none themselves."""


@dataclass(frozen=True)
class Widths:
    """Numbers of a token at the places of a layer; of layers that differ, their mean."""

    hidden: int
    query: int
    key_value: int
    spread: float
    """What the feed-forward part widens it to: gate and up, where there are two."""
    inner: float
    """What it narrows again."""
    inputs: float
    """Of all products."""
    heads: int
    normed_heads: bool


@lru_cache(maxsize=256)
def widths(facts: ModelFacts) -> Widths:
    """By the facts alone, so it is gone through once for a model."""
    shapes = {name: shape for name, shape in facts.linear_shapes.items() if role_of(name) == "mlp"}
    layers, hidden = max(1, facts.layers), facts.hidden_size
    return Widths(
        hidden=hidden,
        query=facts.heads * facts.head_size or hidden,
        key_value=facts.key_value_width,
        spread=sum(outputs for outputs, inputs in shapes.values() if inputs == hidden) / layers,
        inner=sum(inputs for outputs, inputs in shapes.values() if outputs == hidden) / layers,
        inputs=sum(inputs for _, inputs in facts.linear_shapes.values()) / layers,
        heads=facts.heads,
        normed_heads=any(name.endswith("q_norm.weight") for name in facts.shapes),
    )


@dataclass(frozen=True)
class Kept:
    """Of a token in one layer, in bytes. `plain` is what a number takes in what is computed in."""

    widths: Widths
    place: Place
    plain: int
    int8: bool = False
    joined: bool = True
    """Whether several examples in one sequence are attended to apart and put together again."""

    @property
    def bytes(self) -> float:
        return self.norms + self.attention + self.feed_forward + self.inputs

    @property
    def norms(self) -> float:
        """Both read the layer's stream in fp32; what they made of it is kept where they learn themselves."""
        times = 4 if self.place == "inside" else 2
        of_heads = self.widths.normed_heads * (self.widths.query + self.widths.key_value)
        return FP32 * (times * self.widths.hidden + of_heads + 2)

    @property
    def attention(self) -> float:
        """Queries and keys once turned, values, and what comes out, with a number of each head in fp32."""
        numbers = 2 * self.widths.query + 2 * self.widths.key_value
        return self.plain * numbers + FP32 * self.widths.heads

    @property
    def feed_forward(self) -> float:
        """What the activation is given and makes, and what that is multiplied with where there is a gate."""
        is_gated = self.widths.spread > self.widths.inner
        return self.plain * (self.widths.spread + is_gated * self.widths.inner)

    @property
    def inputs(self) -> float:
        """Of the products that learn: in fp32 those that read the same share it, in 16 bits most have a copy."""
        if self.place == "around":
            return self.past_checkpoints
        if self.plain == FP32:
            return FP32 * self._own_inputs
        # What attention makes has the format already; only an adapter is given a copy of it.
        shared = (self.place == "inside" and not self.joined) * self.widths.query
        return self.plain * (self.widths.inputs - shared) + self.past_checkpoints

    @property
    def past_checkpoints(self) -> float:
        """bitsandbytes keeps the input of an int8 product itself, where checkpointing does not see it."""
        return self.int8 * self.plain * self._own_inputs

    @property
    def _own_inputs(self) -> float:
        """Each once."""
        return 2 * self.widths.hidden + self.widths.inner + self.joined * self.widths.query
