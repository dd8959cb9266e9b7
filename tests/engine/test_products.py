"""Weights in few bits made numbers and back, and times few tokens: in C as in torch, the same at every call."""

import ctypes
from collections.abc import Callable, Iterator
from itertools import product

import pytest
import torch
from torch import Tensor

from workbench.engine.coded import Coded, Kind
from workbench.engine.native.products import NativeProducts
from workbench.engine.quantizing import Quantizer
from workbench.engine.twins.products import TorchProducts
from workbench.models.quantization import Quantization

DTYPES = (torch.float32, torch.bfloat16)
SIZES = ((0, 64), (1, 1), (5, 63), (7, 72), (4, 576))
"""Rows and columns: blocks end within rows, and the last is short, or has one code too few for a byte."""

BLOCKS = (32, 64, 256)
BITS4: tuple[Kind, ...] = ("nf4", "fp4")

NUMBERS: dict[str, Callable[[Tensor], Tensor]] = {
    "usual": lambda x: x * 0.02,
    "large": lambda x: x * 1e30,
    "small": lambda x: x * 1e-37,
    "zeros": torch.zeros_like,
    "not finite": lambda x: with_odd_ones(x),
}
TWINS = TorchProducts()


def with_odd_ones(x: Tensor) -> Tensor:
    x = x.clone()
    for place, odd in enumerate((torch.nan, torch.inf, -torch.inf)):
        x.view(-1)[place * 70 :: 500] = odd
    return x


def matrix_of(rows: int, columns: int, dtype: torch.dtype, numbers: str = "usual") -> Tensor:
    torch.manual_seed(rows + columns)
    return NUMBERS[numbers](torch.randn(rows, columns)).to(dtype)


def code(matrix: Tensor, kind: Kind, block: int = 64, *, double: bool = True) -> Coded:
    return Quantizer(Quantization(kind, double, block), TWINS).code(matrix)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Where no test asks for more: so little is done sooner by one than shared."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def products(library: ctypes.CDLL) -> NativeProducts:
    return NativeProducts(library)


def test_codes_are_made_the_numbers_that_torch_makes_of_them(products: NativeProducts) -> None:
    for kind, double, (rows, columns), block, dtype in product(BITS4, (True, False), SIZES, BLOCKS, DTYPES):
        coded = code(matrix_of(rows, columns, dtype), kind, block, double=double)
        assert_decodes_as_the_twin(products, coded, dtype)


@pytest.mark.parametrize("kind", ["nf4", "int8"])
def test_threads_share_the_rows(products: NativeProducts, kind: Kind) -> None:
    for rows, dtype in product((1, 2, 7), DTYPES):
        coded = code(matrix_of(rows, 576, dtype), kind)
        torch.set_num_threads(2)
        assert_decodes_as_the_twin(products, coded, dtype)
        torch.set_num_threads(1)


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("kind", ["nf4", "fp4", "int8"])
def test_odd_numbers_are_what_torch_makes_of_them(products: NativeProducts, kind: Kind, numbers: str) -> None:
    for (rows, columns), dtype in product(SIZES[1:], DTYPES):
        matrix = matrix_of(rows, columns, dtype, numbers)
        assert_decodes_as_the_twin(products, code(matrix, kind, double=False), dtype)


def test_what_lies_between_two_bf16_becomes_the_even_one(products: NativeProducts) -> None:
    between = torch.tensor([1 + 1 / 256, 1 + 3 / 256]).repeat_interleave(64).expand(4, 128)
    for kind in ("nf4", "fp4", "int8"):
        matrix = 127 * between.mT.repeat(1, 2) if kind == "int8" else between
        assert_decodes_as_the_twin(products, code(matrix, kind, double=False), torch.bfloat16)


def assert_decodes_as_the_twin(products: NativeProducts, coded: Coded, dtype: torch.dtype) -> None:
    """To the last bit, twice, and beside it nothing is written."""
    twin = torch.empty(coded.rows, coded.columns, dtype=dtype)
    TWINS.decode(coded, twin)
    for _ in range(2):
        wide = torch.full((coded.rows, coded.columns + 5), 7.0, dtype=dtype)
        products.decode(coded, wide[:, 2 : 2 + coded.columns])
        torch.testing.assert_close(wide[:, 2 : 2 + coded.columns], twin, rtol=0, atol=0, equal_nan=True)
        assert (wide[:, :2] == 7).all() and (wide[:, 2 + coded.columns :] == 7).all()


@pytest.mark.parametrize("numbers", NUMBERS)
def test_numbers_are_made_the_codes_that_torch_makes_of_them(products: NativeProducts, numbers: str) -> None:
    for kind, (rows, columns), block, dtype in product(BITS4, SIZES[1:], BLOCKS, DTYPES):
        matrix = matrix_of(rows, columns, dtype, numbers)
        twin = code(matrix, kind, block, double=False)
        ours = Quantizer(Quantization(kind, False, block), products).code(matrix)
        assert torch.equal(ours.codes, twin.codes)
        torch.testing.assert_close(ours.scales, twin.scales, rtol=0, atol=0, equal_nan=True)


def forms_of(matrix: Tensor) -> list[Tensor | Coded]:
    """All in which a weight may be held; rows of the plain one lie further apart than they are long."""
    wide = torch.cat((matrix, matrix), 1)[:, : matrix.shape[1]]
    coded = [code(matrix, "nf4"), code(matrix, "fp4", 128), code(matrix, "nf4", 32, double=False), code(matrix, "int8")]
    return [wide, *coded]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("tokens", [0, 1, 3, 8])
def test_a_weight_times_few_tokens_is_their_product(products: NativeProducts, dtype: torch.dtype, tokens: int) -> None:
    for rows, columns in ((0, 64), (1, 2), (3, 64), (33, 72), (70, 576)):
        x = torch.randn(tokens, columns + 3).to(dtype)[:, :columns]
        for weight in forms_of(matrix_of(rows, columns, dtype)):
            out, again = (torch.full((tokens, rows + 4), 7.0, dtype=dtype) for _ in range(2))
            products.times(weight, x, out[:, 1 : 1 + rows])
            products.times(weight, x, again[:, 1 : 1 + rows])
            twin = torch.empty(tokens, rows, dtype=dtype)
            TWINS.times(weight, x, twin)
            rounding = 1e-2 if dtype == torch.bfloat16 else 1e-5
            torch.testing.assert_close(out[:, 1 : 1 + rows], twin, rtol=rounding, atol=rounding)
            assert torch.equal(out, again) and (out[:, 0] == 7).all() and (out[:, 1 + rows :] == 7).all()


def test_what_is_no_number_stays_none(products: NativeProducts) -> None:
    matrix, out = matrix_of(40, 64, torch.float32), torch.empty(2, 40)
    x = torch.randn(2, 64)
    x[1, 5] = torch.nan
    for weight in forms_of(matrix):
        products.times(weight, x, out)
        assert out[0].isfinite().all() and out[1].isnan().all()


def test_the_number_of_threads_changes_no_product(products: NativeProducts) -> None:
    matrix, x = matrix_of(70, 576, torch.float32), torch.randn(3, 576)
    for weight in forms_of(matrix):
        found = []
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(torch.empty(3, 70))
            products.times(weight, x, found[-1])
        torch.set_num_threads(1)
        assert torch.equal(*found)
