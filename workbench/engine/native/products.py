"""Weights in few bits, and weights in any form times few tokens, in C: see `c/coded.h` and `c/products.c`."""

import ctypes
from ctypes import POINTER, c_float, c_int64, c_void_p

import torch
from torch import Tensor, get_num_threads

from workbench.engine.coded import LEVELS, Coded
from workbench.engine.native.library import bind
from workbench.engine.native.token_tables import Weight
from workbench.engine.native.weight_table import describe_weight
from workbench.engine.twins.products import bounds_and_order


class _Bits4(ctypes.Structure):
    """`Bits4` in `c/coded.h`."""

    _fields_ = (
        *((name, c_int64) for name in ("rows", "columns", "block")),
        *((name, c_void_p) for name in ("codes", "scales", "levels", "nested_levels", "nested_scales")),
        ("nested_block", c_int64),
        ("offset", c_float),
    )


class _Source(ctypes.Structure):
    """`Bits4Source` in `c/coded.h`."""

    _fields_ = (
        ("numbers", c_void_p),
        *((name, c_int64) for name in ("count", "block", "is_bf16")),
        *((name, c_void_p) for name in ("bounds", "order")),
    )


_WRITTEN = (c_void_p, c_int64, c_int64, c_int64)
"""Where numbers go: start and stride, whether they are bf16, and how many threads write them."""


class NativeProducts:
    """See `kernels.Products`. Any number of threads may call it at a time."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self._levels = {kind: torch.tensor(levels) for kind, levels in LEVELS.items()}
        self._bounds = {kind: bounds_and_order(kind) for kind in LEVELS}
        self._times = bind(library, "times", POINTER(Weight), c_void_p, c_int64, *_WRITTEN)
        self._decode_bits4 = bind(library, "decode_bits4", POINTER(_Bits4), *_WRITTEN)
        self._decode_int8 = bind(library, "decode_int8", c_void_p, c_void_p, c_int64, c_int64, *_WRITTEN)
        self._encode_bits4 = bind(library, "encode_bits4", POINTER(_Source), c_void_p, c_void_p, c_int64)

    def times(self, weight: Tensor | Coded, x: Tensor, out: Tensor) -> None:
        """As the twin's. Codes of 4 bits stand for an even number of columns."""
        held: list[Tensor] = [x.float().contiguous()]

        def keep(tensor: Tensor) -> int:
            assert tensor.stride(-1) == 1
            held.append(tensor)
            return tensor.data_ptr()

        table = describe_weight(weight, keep)
        assert x.shape[1] == table.columns and out.shape == (len(x), table.rows)
        assert isinstance(weight, Tensor) or weight.kind == "int8" or table.columns % 2 == 0
        self._times(table, held[0].data_ptr(), len(x), out.data_ptr(), out.stride(0), _is_bf16(out), get_num_threads())

    def decode(self, weight: Coded, out: Tensor) -> None:
        """As the twin's."""
        assert out.shape == (weight.rows, weight.columns) and (out.stride(1) == 1 or weight.columns == 1)
        where = out.data_ptr(), out.stride(0), _is_bf16(out), get_num_threads()
        if weight.kind == "int8":
            codes, scales = _address(weight.codes, torch.int8), _address(weight.scales, torch.float32)
            self._decode_int8(codes, scales, weight.rows, weight.columns, *where)
        else:
            self._decode_bits4(self._bits4(weight), *where)

    def encode(self, matrix: Tensor, weight: Coded) -> None:
        """As the twin's."""
        assert matrix.shape == (weight.rows, weight.columns) and matrix.is_contiguous() and weight.nested is None
        bounds, order = self._bounds[weight.kind]
        source = _Source(
            numbers=matrix.data_ptr(),
            count=matrix.numel(),
            block=weight.block,
            is_bf16=_is_bf16(matrix),
            bounds=bounds.data_ptr(),
            order=order.data_ptr(),
        )
        codes, scales = _address(weight.codes, torch.uint8), _address(weight.scales, torch.float32)
        self._encode_bits4(source, codes, scales, get_num_threads())

    def _bits4(self, weight: Coded) -> _Bits4:
        scales_type = torch.float32 if weight.nested is None else torch.uint8
        bits4 = _Bits4(
            rows=weight.rows,
            columns=weight.columns,
            block=weight.block,
            codes=_address(weight.codes, torch.uint8),
            scales=_address(weight.scales, scales_type),
            levels=self._levels[weight.kind].data_ptr(),
        )
        if weight.nested is not None:
            bits4.nested_levels = _address(weight.nested.levels, torch.float32)
            bits4.nested_scales = _address(weight.nested.scales, torch.float32)
            bits4.nested_block = weight.nested.block
            bits4.offset = weight.nested.offset
        return bits4


def _is_bf16(numbers: Tensor) -> bool:
    assert numbers.dtype in (torch.bfloat16, torch.float32)
    return numbers.dtype == torch.bfloat16


def _address(numbers: Tensor, dtype: torch.dtype) -> int:
    assert numbers.dtype == dtype and numbers.is_contiguous()
    return numbers.data_ptr()
