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

from workbench.engine.adapters import Part
from workbench.engine.coded import Coded
from workbench.engine.kernels import Kernels


@dataclass(frozen=True)
class Dropout:
    """What is left out of the inputs of adapters, and memory [tokens, columns] to do it in."""

    share: float
    seed: int
    scratch: Tensor


class Weight(Protocol):
    """A frozen weight with the columns of its adapter at its right."""

    def wide(self) -> Tensor:
        """[rows, columns + adapter columns]; holds until another weight is asked."""

    def set_updates(self, updates: Tensor) -> None:
        """Take s · B, [rows, adapter columns]."""


class Plain:
    """Held whole."""

    def __init__(self, wide: Tensor) -> None:
        self._wide = wide

    def wide(self) -> Tensor:
        return self._wide

    def set_updates(self, updates: Tensor) -> None:
        self._wide[:, self._wide.shape[1] - updates.shape[1] :] = updates


class Decoded:
    """Held as codes, and made whole each time, in memory that weights of the same size share."""

    def __init__(self, coded: tuple[Coded, ...], scratch: Tensor, kernels: Kernels) -> None:
        self._coded = coded
        self._scratch = scratch
        self._decode = kernels.products.decode
        self._updates = scratch.new_zeros(scratch.shape[0], scratch.shape[1] - coded[0].columns)

    def wide(self) -> Tensor:
        row = 0
        for coded in self._coded:
            self._decode(coded, self._scratch[row : row + coded.rows, : coded.columns])
            row += coded.rows
        self._scratch[:, self._coded[0].columns :] = self._updates
        return self._scratch

    def set_updates(self, updates: Tensor) -> None:
        self._updates.copy_(updates)


class Linear:
    """One fused product of one layer. Its inputs are wide: [tokens, columns + adapter columns]."""

    def __init__(self, weight: Weight, bias: Tensor | None, parts: Sequence[Part], kernels: Kernels) -> None:
        self._weight = weight
        self._bias = bias
        self._parts = parts
        self._passes = kernels.passes
        wide = weight.wide()
        self._columns = parts[0].down.shape[1] if parts else wide.shape[1]
        """Of the input itself."""
        self._down = wide.new_zeros(wide.shape[1] - self._columns, self._columns)
        """A of all parts above each other."""
        self._updates = wide.new_zeros(wide.shape[0], wide.shape[1] - self._columns)

    @torch.no_grad()
    def refresh(self) -> None:
        """Take over the parameters as they are now."""
        for part in self._parts:
            self._down[part.columns] = part.down
            self._updates[part.rows, part.columns] = part.up * part.scale
        if self._parts:
            self._weight.set_updates(self._updates)

    def forward(self, x: Tensor, out: Tensor, dropout: Dropout | None) -> None:
        """out = x Wᵀ + bias with its updates; the adapter columns of x are filled."""
        if self._parts:
            self._project(x, dropout)
        if self._bias is None:
            torch.mm(x, self._weight.wide().t(), out=out)
        else:
            torch.addmm(self._bias, x, self._weight.wide().t(), out=out)

    def backward(self, x: Tensor, grad_out: Tensor, grad: Tensor, dropout: Dropout | None) -> None:
        """Overwrite `grad`, wide as x, with the gradient of x, and add those of the parameters to theirs."""
        torch.mm(grad_out, self._weight.wide(), out=grad)
        if self._parts:
            self._learn(x, grad_out, grad[:, self._columns :], dropout)
            self._return(grad, dropout)

    def backward_lowest(self, x: Tensor, grad_out: Tensor, grad: Tensor, dropout: Dropout | None) -> None:
        """The gradients of the parameters alone, where nothing below learns."""
        inner = grad[:, self._columns :]
        torch.mm(grad_out, self._updates, out=inner)
        self._learn(x, grad_out, inner, dropout)

    def _project(self, x: Tensor, dropout: Dropout | None) -> None:
        """Fill the adapter columns: x Aᵀ."""
        plain, inner = x[:, : self._columns], x[:, self._columns :]
        if dropout is None:
            torch.mm(plain, self._down.t(), out=inner)
            return
        for part, seed in self._seeds(dropout):
            dropped = dropout.scratch[: len(x), : self._columns]
            self._passes.drop(plain, dropout.share, seed, dropped)
            torch.mm(dropped, self._down[part.columns].t(), out=inner[:, part.columns])

    def _learn(self, x: Tensor, grad_out: Tensor, grad_inner: Tensor, dropout: Dropout | None) -> None:
        """Add the gradients of A and B."""
        plain, inner = x[:, : self._columns], x[:, self._columns :]
        up = torch.mm(grad_out.t(), inner)
        for part in self._parts:
            _gradient(part.up).add_(up[part.rows, part.columns], alpha=part.scale)
        if dropout is None:
            down = torch.mm(grad_inner.t(), plain)
            for part in self._parts:
                _gradient(part.down).add_(down[part.columns])
            return
        for part, seed in self._seeds(dropout):
            dropped = dropout.scratch[: len(x), : self._columns]
            self._passes.drop(plain, dropout.share, seed, dropped)
            _gradient(part.down).add_(torch.mm(grad_inner[:, part.columns].t(), dropped))

    def _return(self, grad: Tensor, dropout: Dropout | None) -> None:
        """dx += da A"""
        plain, inner = grad[:, : self._columns], grad[:, self._columns :]
        if dropout is None:
            plain.addmm_(inner, self._down)
            return
        for part, seed in self._seeds(dropout):
            through = dropout.scratch[: len(grad), : self._columns]
            torch.mm(inner[:, part.columns], self._down[part.columns], out=through)
            self._passes.drop_backward(through, dropout.share, seed, plain)

    def _seeds(self, dropout: Dropout) -> Iterator[tuple[Part, int]]:
        """As in PEFT, each module leaves out numbers of its own."""
        return ((part, dropout.seed + place) for place, part in enumerate(self._parts))


def _gradient(parameter: torch.nn.Parameter) -> Tensor:
    assert parameter.grad is not None, "gradients are cleared before each update"
    return parameter.grad
