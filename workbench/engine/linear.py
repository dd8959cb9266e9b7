"""A frozen product with LoRA folded into it: one matrix product does both, forward and backward.

To x Wᵀ + s (x Aᵀ) Bᵀ, with A and B of rank r, the input is widened to [x, x Aᵀ] and the weight to [W, s B]:

    y = [x, x Aᵀ] [W, s B]ᵀ        [dx, da] = dy [W, s B]        dx += da A
    dA = daᵀ x                     dB = s dyᵀ (x Aᵀ)

What reads the same input (q, k and v; gate and up) is one product, whose s B stand in blocks of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from workbench.engine.adapters import Part, Taught
from workbench.engine.coded import Coded
from workbench.engine.kernels import Kernels, Products


@dataclass(frozen=True)
class Desk:
    """What a thread computes a pack with, besides its numbers."""

    decoded: Tensor
    """[numbers of the largest weight], memory for those that are held as codes."""

    dropped: Tensor
    """[tokens, the widest input], memory for dropout."""

    dropout: float = 0.0
    """The share of the inputs of adapters that is left out,"""

    seed: int = 0
    """and what decides which."""


class Weight(Protocol):
    """A frozen weight with the columns of its adapter at its right."""

    def wide(self, desk: Desk) -> Tensor:
        """[rows, columns + adapter columns]; holds until another weight is asked for at this desk."""

    updates: Tensor
    """Where s · B stands, [rows, adapter columns]."""


class Plain:
    """Held whole."""

    def __init__(self, wide: Tensor, columns: int) -> None:
        self._wide = wide
        self.updates = wide[:, columns:]

    def wide(self, desk: Desk) -> Tensor:
        return self._wide


class Decoded:
    """Held as codes, and made whole each time it is asked for."""

    def __init__(self, coded: tuple[Coded, ...], updates: Tensor, kernels: Kernels) -> None:
        self._coded = coded
        self._products = kernels.products
        self.updates = updates

    def wide(self, desk: Desk) -> Tensor:
        (rows, more), columns = self.updates.shape, self._coded[0].columns
        whole = desk.decoded[: rows * (columns + more)].view(rows, columns + more)
        make_whole(self._coded, whole[:, :columns], self._products)
        whole[:, columns:] = self.updates
        return whole


def make_whole(parts: Sequence[Coded], out: Tensor, products: Products) -> None:
    """Write the numbers of coded matrices that stand above each other into out, [rows of all, columns]."""
    for coded, rows in zip(parts, out.split([coded.rows for coded in parts]), strict=True):
        products.decode(coded, rows)


@dataclass(frozen=True)
class Updates:
    """The adapters within one fused product."""

    parts: Sequence[Part]
    down: Tensor
    """A of all of them, as it is in the moment, [adapter columns, columns]."""

    first_seed: int
    """Modules leave out numbers of their own, as in PEFT: the first by this seed, the next by the one after."""


class Linear:
    """One fused product of one layer. Its inputs are wide: [tokens, columns + adapter columns].

    Any number of threads may compute with it at a time.
    """

    def __init__(self, weight: Weight, bias: Tensor | None, updates: Updates, kernels: Kernels) -> None:
        self._weight = weight
        self._bias = bias
        self._parts = updates.parts
        self._down = updates.down
        self._first_seed = updates.first_seed
        self._columns = self._down.shape[1]
        """Of the input itself."""
        self._passes = kernels.passes

    def forward(self, x: Tensor, out: Tensor, desk: Desk) -> None:
        """out = x Wᵀ + bias with its updates; the adapter columns of x are filled."""
        if self._parts:
            self._project(x, desk)
        weight = self._weight.wide(desk).t()
        if self._bias is None:
            torch.mm(x, weight, out=out)
        else:
            torch.addmm(self._bias, x, weight, out=out)

    def backward(self, x: Tensor, grad_out: Tensor, grad: Tensor, taught: Taught, desk: Desk) -> None:
        """Overwrite `grad`, wide as x, with the gradient of x, and `taught` with those of A and B, these unscaled."""
        torch.mm(grad_out, self._weight.wide(desk), out=grad)
        if self._parts:
            self._learn(x, grad_out, grad[:, self._columns :], taught, desk)
            self._return(grad, desk)

    def backward_lowest(self, x: Tensor, grad_out: Tensor, grad: Tensor, taught: Taught, desk: Desk) -> None:
        """The gradients of A and B alone, where nothing below learns; `grad` is used for it."""
        inner = grad[:, self._columns :]
        torch.mm(grad_out, self._weight.updates, out=inner)
        self._learn(x, grad_out, inner, taught, desk)

    def _project(self, x: Tensor, desk: Desk) -> None:
        """Fill the adapter columns: x Aᵀ."""
        plain, inner = x[:, : self._columns], x[:, self._columns :]
        if not desk.dropout:
            torch.mm(plain, self._down.t(), out=inner)
            return
        for part, dropped in self._dropped(plain, desk):
            torch.mm(dropped, self._down[part.columns].t(), out=inner[:, part.columns])

    def _learn(self, x: Tensor, grad_out: Tensor, grad_inner: Tensor, taught: Taught, desk: Desk) -> None:
        """The gradients of A and B."""
        plain, inner = x[:, : self._columns], x[:, self._columns :]
        ranks = len(taught.up)
        torch.mm(inner[:, :ranks].t(), grad_out, out=taught.up)
        if not desk.dropout:
            torch.mm(grad_inner[:, :ranks].t(), plain, out=taught.down)
            return
        for part, dropped in self._dropped(plain, desk):
            torch.mm(grad_inner[:, part.columns].t(), dropped, out=taught.down[part.columns])

    def _return(self, grad: Tensor, desk: Desk) -> None:
        """dx += da A"""
        plain, inner = grad[:, : self._columns], grad[:, self._columns :]
        if not desk.dropout:
            plain.addmm_(inner, self._down)
            return
        for place, part in enumerate(self._parts):
            through = desk.dropped[: len(grad), : self._columns]
            torch.mm(inner[:, part.columns], self._down[part.columns], out=through)
            self._passes.drop_backward(through, desk.dropout, self._seed(place, desk), plain)

    def _dropped(self, plain: Tensor, desk: Desk) -> Iterator[tuple[Part, Tensor]]:
        """Each module, and the input that it reads."""
        for place, part in enumerate(self._parts):
            dropped = desk.dropped[: len(plain), : self._columns]
            self._passes.drop(plain, desk.dropout, self._seed(place, desk), dropped)
            yield part, dropped

    def _seed(self, place: int, desk: Desk) -> int:
        return desk.seed + self._first_seed + place
