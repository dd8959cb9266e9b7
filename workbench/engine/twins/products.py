"""Weights in some form times few tokens, and codes made plain, in plain torch."""

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.coded import LEVELS, ORDER, Coded, Kind, Nested

SMALLEST = 1e-38
"""What the largest number of a block counts as at least, where others are divided by it."""


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

    def encode(self, matrix: Tensor, weight: Coded) -> None:
        """A scale is the largest size in a block; the code is that of the level nearest to number / scale.

        Rounded as by bitsandbytes: whole blocks are multiplied by 1 / scale, a short one at the end is divided.
        """
        numbers = matrix.flatten().float()
        end = numbers.numel() // weight.block * weight.block
        blocks, rest = numbers[:end].view(-1, weight.block), numbers[end:]
        largest = blocks.abs().amax(1)
        scaled = [(blocks * (1 / largest.clamp(min=SMALLEST)).unsqueeze(1)).flatten()]
        if rest.numel():
            last = rest.abs().amax().clamp(min=SMALLEST)
            largest = torch.cat((largest, last.unsqueeze(0)))
            scaled += [rest / last, rest.new_zeros(rest.numel() % 2)]
        bounds, order = bounds_and_order(weight.kind)
        codes = order[torch.bucketize(torch.cat(scaled), bounds, out_int32=True)]
        weight.scales.copy_(largest)
        weight.codes.copy_(codes[::2] << 4 | codes[1::2])


def bounds_and_order(kind: Kind) -> tuple[Tensor, Tensor]:
    """What lies halfway between the 4-bit levels in their order [15], and their codes in that order [16] uint8."""
    levels, order = torch.tensor(LEVELS[kind]), torch.tensor(ORDER[kind])
    return (levels[order[:-1]] + levels[order[1:]]) / 2, order.to(torch.uint8)


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
