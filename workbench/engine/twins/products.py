"""Weights in some form times few tokens, and codes made plain, in plain torch."""

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.coded import LEVELS, Coded, Nested


class TorchProducts:
    """See `kernels.Products`."""

    def times(self, weight: Tensor | Coded, x: Tensor, out: Tensor) -> None:
        """Numbers of coded weights are not rounded on the way."""
        if isinstance(weight, Coded):
            out.copy_(functional.linear(x.float(), _numbers(weight)))
        else:
            out.copy_(functional.linear(x, weight))

    def decode(self, weight: Coded, out: Tensor) -> None:
        """A number at a time: its level times its scale."""
        out.copy_(_numbers(weight))


def _numbers(weight: Coded) -> Tensor:
    """[rows, columns] fp32."""
    if weight.kind == "int8":
        return weight.codes * (weight.scales * (1 / 127)).unsqueeze(1)
    levels = torch.tensor(LEVELS[weight.kind])
    pairs = torch.cartesian_prod(levels, levels)
    size = weight.rows * weight.columns
    numbers = pairs[weight.codes.int()].flatten()[:size]
    return numbers.mul_(block_scales(weight).repeat_interleave(weight.block)[:size]).view(weight.rows, weight.columns)


def block_scales(weight: Coded) -> Tensor:
    """fp32, one a block."""
    if weight.nested is None:
        return weight.scales
    nested: Nested = weight.nested
    constants = nested.scales.repeat_interleave(nested.block)[: len(weight.scales)]
    return nested.levels[weight.scales.int()] * constants + nested.offset
