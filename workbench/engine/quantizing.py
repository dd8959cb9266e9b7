"""Weights made codes, the same codes and constants as bitsandbytes makes on a processor, and without its import.

The 4-bit kinds and double quantisation are those of QLoRA (Dettmers et al. 2023, arXiv:2305.14314), int8 is what
LLM.int8() makes of weights (Dettmers et al. 2022, arXiv:2208.07339).
"""

from dataclasses import replace
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.coded import Coded, Kind, Nested
from workbench.engine.kernels import Products
from workbench.models.quantization import Quantization

_NESTED_BLOCK = 256
_PLACES = 65535
"""Numbers from −1 to 1 fall on so many places, and one more, before their nearest level is looked up."""

_MOST_CODE = 127


class Quantizer:
    """Makes codes of one kind, of matrices [rows, columns] in bf16 or fp32."""

    def __init__(self, quantization: Quantization, products: Products) -> None:
        self._quantization = quantization
        self._products = products
        self._nested_levels = _dynamic_levels()
        self._nested_codes = _nearest(self._nested_levels)

    def code(self, matrix: Tensor) -> Coded:
        if self._quantization.kind == "int8":
            return _code_rows(matrix)
        rows, columns = matrix.shape
        block = self._quantization.block_size
        coded = Coded(
            kind=cast(Kind, self._quantization.kind),
            rows=rows,
            columns=columns,
            codes=torch.empty(-(-rows * columns // 2), dtype=torch.uint8),
            scales=torch.empty(-(-rows * columns // block)),
            block=block,
        )
        self._products.encode(matrix.contiguous(), coded)
        return self._nest(coded) if self._quantization.double else coded

    def _nest(self, coded: Coded) -> Coded:
        """The scales less their mean as 8-bit codes, in blocks that have scales of their own.

        NaN is passed over, as by bitsandbytes.
        """
        offset = coded.scales.mean()
        shifted = coded.scales - offset
        blocks = functional.pad(shifted, (0, -len(shifted) % _NESTED_BLOCK)).view(-1, _NESTED_BLOCK)
        largest = blocks.abs().nan_to_num(0, torch.inf).amax(1)
        places = ((blocks * (1 / largest).unsqueeze(1)).clamp(-1, 1) + 1) * 0.5
        # Rounded once after product and sum, as by the instruction that does both.
        index = (places.double() * _PLACES + 0.5).float().nan_to_num(0).int()
        codes = self._nested_codes[index].masked_fill_((largest == 0).unsqueeze(1), 0)
        return replace(
            coded,
            scales=codes.flatten()[: len(shifted)].contiguous(),
            nested=Nested(self._nested_levels, largest, _NESTED_BLOCK, offset.item()),
        )


def _code_rows(matrix: Tensor) -> Coded:
    """code = 127 · number / scale, the scale being the largest size in a row; numbers are fp16 before."""
    half = matrix.half()
    scales = half.abs().amax(1).float()
    codes = (half * (_MOST_CODE / scales).unsqueeze(1)).round_().nan_to_num_(0).to(torch.int8)
    rows, columns = matrix.shape
    return Coded("int8", rows, columns, codes, scales)


def _dynamic_levels() -> Tensor:
    """[256] in order: signed decimal exponents of 1 to 7 digits, the rest of the bits a linear fraction.

    Dettmers 2016, arXiv:1511.04561, section 2.
    """
    levels = [0.0, 1.0]
    for digit in range(7):
        ends = torch.linspace(0.1, 1, 2**digit + 1)
        middles = (ends[:-1] + ends[1:]) / 2
        levels += (10 ** (digit - 6) * middles).tolist()
        levels += (-(10 ** (digit - 6)) * middles).tolist()
    return torch.tensor(sorted(levels))


def _nearest(levels: Tensor) -> Tensor:
    """The codes of the levels nearest to each place."""
    numbers = torch.arange(_PLACES + 1, dtype=torch.float32) * 2 / _PLACES - 1
    return torch.searchsorted((levels[:-1] + levels[1:]) * 0.5, numbers).to(torch.uint8)
