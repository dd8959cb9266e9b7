"""What the decoder asks of its kernels. Each exists twice, in C (`native`) and in torch (`twins`), with one meaning.

Matrices are [tokens, width] in bf16 or fp32, and all numbers are summed in fp32. Their rows lie apart by any stride;
within a row numbers lie side by side. What a kernel writes into never overlaps what it reads, but where it says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from workbench.engine.shape import Activation, Heads

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.engine.adapters import Adapters
    from workbench.engine.cache import Cache
    from workbench.engine.coded import Coded
    from workbench.engine.weights import Weights


@dataclass(frozen=True)
class Norm:
    """The weight [width] fp32 of a norm, and what is added below its root."""

    weight: "Tensor"
    epsilon: float


@dataclass(frozen=True)
class Sight:
    """What attention heads see: in a `window` of that many tokens, itself among them; 0 for all before."""

    heads: Heads
    window: int


@dataclass(frozen=True)
class Spans:
    """Examples back to back. Number i begins at starts[i] and ends before starts[i + 1]; [examples + 1] int64."""

    starts: "Tensor"
    sight: Sight


@dataclass(frozen=True)
class Attended:
    """What attention gave: out [tokens, query · width], and log Σ exp of each query's scores [tokens, query] fp32."""

    out: "Tensor"
    log_sums: "Tensor"


class Passes(Protocol):
    """Passes over a matrix, a token at a time."""

    def rms_norm(self, x: "Tensor", norm: Norm, out: "Tensor", inverse: "Tensor") -> None:
        """out = x · r · weight with r = 1 / √(mean(x²) + epsilon) over the width (Zhang and Sennrich 2019, eq. 4).

        x and out [tokens, groups, width], each group normed by itself; inverse [tokens, groups] fp32 takes r.
        """

    def add_rms_norm(self, x: "Tensor", total: "Tensor", norm: Norm, out: "Tensor", inverse: "Tensor") -> None:
        """total += x, rounded, and then its norm as above; x, total and out [tokens, width], inverse [tokens, 1]."""

    def rms_norm_backward(self, grad_out: "Tensor", x: "Tensor", norm: Norm, inverse: "Tensor", grad: "Tensor") -> None:
        """grad += r · (g − x · r² · mean(g · x)) with g = grad_out · weight; all as in `rms_norm`."""

    def rotate(self, x: "Tensor", cosine: "Tensor", sine: "Tensor") -> None:
        """Turn pairs in place: (x_i, x_{i+n}) becomes (x_i c_i − x_{i+n} s_i, x_{i+n} c_i + x_i s_i).

        x [tokens, heads, width]; cosine and sine [tokens, n] fp32 with 2n ≤ width; numbers from 2n on stay. The sine
        negated, it is the way back.
        """

    def glu(self, gate_up: "Tensor", activation: Activation, out: "Tensor") -> None:
        """out = f(gate) · up (Shazeer 2020, arXiv:2002.05202).

        gate_up [tokens, 2n] holds the gates, then what they let up; out [tokens, n].
        """

    def glu_backward(self, gate_up: "Tensor", activation: Activation, grad_out: "Tensor") -> None:
        """Overwrite gate_up with its gradient."""

    def cross_entropy(self, logits: "Tensor", labels: "Tensor", factor: float, losses: "Tensor") -> None:
        """losses = log Σ exp(logits) − logit of the label, in nats; logits become their gradient times `factor`.

        logits [tokens, vocabulary], labels [tokens] int64, losses [tokens] fp32.
        """

    def losses(self, logits: "Tensor", labels: "Tensor", losses: "Tensor") -> None:
        """The same without the gradient: logits stay as they are."""

    def drop(self, x: "Tensor", share: float, seed: int, out: "Tensor") -> None:
        """out = x / (1 − share) where `seed` keeps a number, else 0 (Srivastava et al. 2014).

        Whether number j of token i is kept is decided by a hash of seed, i and j alone, so it can be asked again.
        """

    def drop_backward(self, grad_out: "Tensor", share: float, seed: int, grad: "Tensor") -> None:
        """grad += grad_out / (1 − share) where `seed` kept a number."""


class Attention(Protocol):
    """Causal attention of examples that lie back to back, none of which sees another."""

    def forward(self, qkv: "Tensor", spans: Spans, attended: Attended) -> None:
        """softmax(scale · q kᵀ) v for each example and head (Dao et al. 2022, arXiv:2205.14135, algorithm 1).

        qkv [tokens, (query + 2 · key_value) · width] holds the queries of all heads, then the keys, then the values;
        `attended` is written.
        """

    def backward(self, qkv: "Tensor", spans: Spans, attended: Attended, grad_out: "Tensor", grad_qkv: "Tensor") -> None:
        """Overwrite grad_qkv with the gradient of qkv (the same paper, algorithm 4)."""

    def read(self, q: "Tensor", keys: "Tensor", values: "Tensor", sight: Sight, out: "Tensor") -> None:
        """For a text that grows: q [new, query · width] are those of its last `new` tokens.

        keys and values [tokens, key_value · width]; out [new, query · width].
        """


class Products(Protocol):
    """Weights in some form, times few tokens, or made plain: what torch has no fast way for."""

    def times(self, weight: "Tensor | Coded", x: "Tensor", out: "Tensor") -> None:
        """out [n, rows] = x [n, columns] · weightᵀ for few tokens (n ≤ 8); weight [rows, columns]."""

    def decode(self, weight: "Coded", out: "Tensor") -> None:
        """Write the numbers that the codes stand for into out [rows, columns], rounded to its type."""

    def encode(self, matrix: "Tensor", weight: "Coded") -> None:
        """Write codes and scales of a 4-bit weight that is not nested: of each number the code of the nearest level."""


class Tokens(Protocol):
    """Single tokens through a whole decoder, at once: so few numbers that calls would cost more than they do."""

    def open(self, weights: "Weights") -> "TokenModel":
        """Get ready for texts that a decoder reads. Its tensors must stay where they are."""


class TokenModel(Protocol):
    """A decoder that reads texts a token at a time."""

    def begin(self, cache: "Cache", adapters: "Adapters | None", strength: float) -> "TokenText":
        """For a text with this memory; adapters with the values that they have at each token, times `strength`."""

    def read(self, texts: "Sequence[TokenText]") -> "list[Tensor]":
        """The token that each text is placed at; its memory holds all before it, and the token is added there.

        Logits [vocabulary] fp32 after each: to the last bit those that it has alone.
        """


class TokenText(Protocol):
    """A text that is read a token at a time."""

    address: int
    """Of its table."""

    room_tokens: int
    ranks: int
    """What its memory holds, and the columns of the widest of its updates."""

    def place(self, token: int, place: int) -> None:
        """What is to be read next, and where."""


@dataclass(frozen=True)
class Kernels:
    """A choice of kernels, made before the first step and kept for the whole run."""

    name: str
    """What the run's record calls it."""

    passes: Passes
    attention: Attention
    products: Products
    tokens: Tokens | None = None
    """Where there is none, a token passes through the kernels above, one by one."""

    digest: str = ""
    """Of all that decides what those in C compute: sources, flags, compiler and processor."""

    reason: str = ""
    """Why they are not those in C, in one sentence."""
