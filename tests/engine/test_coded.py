"""Codes, constants and numbers of weights in few bits: bitsandbytes' own, to the last bit."""

from itertools import product
from typing import Any

import pytest
import torch
from torch import Tensor

from workbench.engine.coded import Coded
from workbench.engine.quantizing import Quantizer
from workbench.engine.twins.products import TorchProducts
from workbench.models.quantization import Quantization

DTYPES = (torch.float32, torch.bfloat16)
FEW_SIZES = ((64, 576), (5, 64), (3, 96))
"""Rows and columns; of 64 numbers, blocks end with the rows, or the last is short."""

MANY_SIZES = (*FEW_SIZES, (1, 2), (1, 4098), (16, 1536), (300, 320), (7, 4096), (960, 576))
BLOCKS = (32, 64, 128, 256, 512, 1024, 2048, 4096)
TWINS = TorchProducts()


def matrix_of(rows: int, columns: int, dtype: torch.dtype) -> Tensor:
    """With rows that are zero, and some far larger than the others."""
    torch.manual_seed(rows * columns)
    matrix = torch.randn(rows, columns) * 0.02
    matrix[1::3] = 0
    matrix[2::3] *= 1000
    return matrix.to(dtype)


def assert_is_theirs(matrix: Tensor, quantization: Quantization) -> None:
    import bitsandbytes.functional as theirs

    ours = Quantizer(quantization, TWINS).code(matrix)
    codes, state = theirs.quantize_4bit(
        matrix,
        blocksize=quantization.block_size,
        compress_statistics=quantization.double,
        quant_type=quantization.kind,
    )
    assert torch.equal(ours.codes, codes.flatten())
    assert torch.equal(ours.scales, state.absmax)
    if quantization.double:
        assert ours.nested is not None
        assert torch.equal(ours.nested.levels, state.state2.code)
        assert torch.equal(ours.nested.scales, state.state2.absmax)
        assert ours.nested.block == state.state2.blocksize
        assert ours.nested.offset == state.offset.item()


@pytest.mark.slow  # as all that imports bitsandbytes, which takes seconds
def test_codes_and_constants_are_those_of_bitsandbytes() -> None:
    for kind, double, size, dtype in product(("nf4", "fp4"), (True, False), FEW_SIZES, DTYPES):
        assert_is_theirs(matrix_of(*size, dtype), Quantization(kind, double, 64))


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
def test_they_are_for_any_size_and_block(block: int) -> None:
    for kind, double, size, dtype in product(("nf4", "fp4"), (True, False), MANY_SIZES, DTYPES):
        assert_is_theirs(matrix_of(*size, dtype), Quantization(kind, double, block))


@pytest.mark.slow
def test_rows_of_8_bits_are_those_of_bitsandbytes() -> None:
    import bitsandbytes.functional as theirs

    for size, dtype in product(MANY_SIZES, DTYPES):
        matrix = matrix_of(*size, dtype)
        ours = Quantizer(Quantization("int8"), TWINS).code(matrix)
        codes, scales, _ = theirs.int8_vectorwise_quant(matrix.half())
        assert torch.equal(ours.codes, codes) and torch.equal(ours.scales, scales)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", ["nf4", "fp4", "int8"])
def test_the_standard_path_computes_with_the_same_numbers(kind: str, dtype: torch.dtype) -> None:
    """Asked for rows of one 1, a layer answers with its weight."""
    for double, (rows, columns) in product((True, False), ((64, 576), (6, 64))):
        matrix = matrix_of(rows, columns, dtype)
        out = torch.empty(rows, columns, dtype=dtype)
        TWINS.decode(Quantizer(Quantization(kind, double), TWINS).code(matrix), out)
        layer = layer_of(matrix, kind, double=double)
        assert torch.equal(layer(torch.eye(columns, dtype=dtype)).T, out)


def layer_of(matrix: Tensor, kind: str, *, double: bool) -> Any:
    """In training, where activations stay whole."""
    from bitsandbytes.nn import Int8Params, Linear4bit, Linear8bitLt, Params4bit

    columns, rows = matrix.T.shape
    if kind == "int8":
        layer: Any = Linear8bitLt(columns, rows, bias=False, has_fp16_weights=False)
        layer.weight = Int8Params(matrix.clone(), requires_grad=False)
    else:
        layer = Linear4bit(columns, rows, bias=False, compute_dtype=matrix.dtype, quant_type=kind)
        layer.weight = Params4bit(matrix.clone(), compress_statistics=double, quant_type=kind, module=layer)
    return layer.to("cpu").train()


def test_a_code_too_few_for_a_byte_is_beside_that_of_zero() -> None:
    coded = Quantizer(Quantization("nf4", False, 64), TWINS).code(torch.ones(1, 3))
    assert coded.codes.tolist() == [0xFF, 0xF7]
    assert coded == Coded("nf4", 1, 3, coded.codes, coded.scales, 64)
