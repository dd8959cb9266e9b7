"""One layer of a decoder, forward and backward by hand.

between = before + out(attention(turn(qkv(norm(before)))))
after   = between + down(glu(gate_up(norm(between))))
"""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from workbench.engine.adapters import Taught
from workbench.engine.kernels import Kernels, Norm, Sight, Spans
from workbench.engine.linear import Desk, Linear
from workbench.engine.shape import Shape
from workbench.engine.turns import Turn
from workbench.engine.workspace import Passing, Saved


@dataclass(frozen=True)
class Context:
    """What a layer has to know of a pack."""

    starts: Tensor
    turn: Turn | None
    desk: Desk


@dataclass(frozen=True)
class Norms:
    """Of a layer; those of queries and keys where these are normed."""

    before: Norm
    between: Norm
    query: Norm | None = None
    key: Norm | None = None


class Layer:
    """Computes in the memory that it is given."""

    def __init__(self, shape: Shape, sight: Sight, norms: Norms, products: dict[str, Linear], kernels: Kernels) -> None:
        self.norms = norms
        self._shape = shape
        self._sight = sight
        self._products = products
        self._passes = kernels.passes
        self._attention = kernels.attention

    def forward(self, saved: Saved, after: Tensor, context: Context) -> None:
        """From what is normed in `saved` to what the second half adds to `saved.between`, in `after`."""
        self._forward("qkv", saved.normed, saved.qkv, context)
        self._norm_heads(saved)
        self._turn(saved.qkv, context.turn)
        attended = saved.attended(self._shape.heads.query_width)
        self._attention.forward(saved.qkv, Spans(context.starts, self._sight), attended)
        self._forward("out", saved.mixed, saved.between, context)
        again = saved.normed_again[:, : self._shape.hidden]
        self._passes.add_rms_norm(saved.before, saved.between, self.norms.between, again, saved.inverse_again)
        self._forward("gate_up", saved.normed_again, saved.gate_up, context)
        self._passes.glu(saved.gate_up, self._shape.activation, saved.gated[:, : self._shape.intermediate])
        self._forward("down", saved.gated, after, context)

    def backward(
        self, saved: Saved, passing: Passing, taught: Mapping[str, Taught], context: Context, lowest: str | None
    ) -> None:
        """`passing.grad`, of what the layer gave, becomes that of what it was given; `saved` is used up.

        Each product's gradients go into `taught`. Below the product `lowest` nothing learns, and nothing is computed.
        """
        products = (
            ("down", saved.gated, passing.grad, self._return_glu),
            ("gate_up", saved.normed_again, saved.gate_up, self._return_second_norm),
            ("out", saved.mixed, passing.grad, self._return_attention),
            ("qkv", saved.normed, passing.grad_qkv, self._return_first_norm),
        )
        for fused, x, grad_out, go_on in products:
            product, grad = self._products[fused], passing.wide[:, : x.shape[1]]
            if fused == lowest:
                product.backward_lowest(x, grad_out, grad, taught[fused], context.desk)
                return
            product.backward(x, grad_out, grad, taught[fused], context.desk)
            go_on(saved, passing, context)

    def _forward(self, fused: str, x: Tensor, out: Tensor, context: Context) -> None:
        self._products[fused].forward(x, out, context.desk)

    def _return_glu(self, saved: Saved, passing: Passing, context: Context) -> None:
        self._passes.glu_backward(saved.gate_up, self._shape.activation, passing.wide[:, : self._shape.intermediate])

    def _return_second_norm(self, saved: Saved, passing: Passing, context: Context) -> None:
        self._return_norm(self.norms.between, saved.between, saved.inverse_again, passing)

    def _return_first_norm(self, saved: Saved, passing: Passing, context: Context) -> None:
        self._return_norm(self.norms.before, saved.before, saved.inverse, passing)

    def _return_norm(self, norm: Norm, x: Tensor, inverse: Tensor, passing: Passing) -> None:
        grad_out = passing.wide[:, : self._shape.hidden]
        self._passes.rms_norm_backward(grad_out.unsqueeze(1), x.unsqueeze(1), norm, inverse, passing.grad.unsqueeze(1))

    def _return_attention(self, saved: Saved, passing: Passing, context: Context) -> None:
        width = self._shape.heads.query_width
        spans = Spans(context.starts, self._sight)
        self._attention.backward(saved.qkv, spans, saved.attended(width), passing.wide[:, :width], passing.grad_qkv)
        self._turn(passing.grad_qkv, context.turn and context.turn.back())
        self._return_heads(saved, passing)

    def _turn(self, qkv: Tensor, turn: Turn | None) -> None:
        """Queries and keys, in place."""
        if turn:
            heads = self._shape.heads
            turned = qkv[:, : heads.query_width + heads.key_width].unflatten(1, (-1, heads.width))
            self._passes.rotate(turned, turn.cosine, turn.sine)

    def _norm_heads(self, saved: Saved) -> None:
        """Each head of queries and keys by itself, where the model does so."""
        if saved.plain_qk is None or saved.inverse_qk is None:
            return
        saved.plain_qk.copy_(saved.qkv[:, : saved.plain_qk.shape[1]])
        for norm, numbers, heads in self._normed_heads():
            x, out = (
                matrix[:, numbers].unflatten(1, (-1, self._shape.heads.width)) for matrix in (saved.plain_qk, saved.qkv)
            )
            self._passes.rms_norm(x, norm, out, saved.inverse_qk[:, heads])

    def _return_heads(self, saved: Saved, passing: Passing) -> None:
        if saved.plain_qk is None or saved.inverse_qk is None:
            return
        grad = passing.grad_plain_qk.zero_()
        for norm, numbers, heads in self._normed_heads():
            grad_out, x, into = (
                matrix[:, numbers].unflatten(1, (-1, self._shape.heads.width))
                for matrix in (passing.grad_qkv, saved.plain_qk, grad)
            )
            self._passes.rms_norm_backward(grad_out, x, norm, saved.inverse_qk[:, heads], into)
        passing.grad_qkv[:, : grad.shape[1]] = grad

    def _normed_heads(self) -> list[tuple[Norm, slice, slice]]:
        """Queries, then keys: their norm, their numbers within a token, and their heads."""
        heads, norms = self._shape.heads, self.norms
        assert norms.query and norms.key
        both = heads.query_width + heads.key_width
        return [
            (norms.query, slice(0, heads.query_width), slice(0, heads.query)),
            (norms.key, slice(heads.query_width, both), slice(heads.query, heads.query + heads.key_value)),
        ]
