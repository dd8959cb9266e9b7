"""Passes over a matrix: in C as in torch, for any sizes and numbers, and the same at every call."""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.kernels import Norm, Passes
from workbench.engine.native.passes import NativePasses
from workbench.engine.twins.passes import TorchPasses

DTYPES = (torch.float32, torch.bfloat16)
SIZES = ((0, 8), (1, 1), (1, 576), (3, 7), (5, 64), (33, 129), (20, 1000))
"""Tokens and width."""

NUMBERS: dict[str, Callable[[Tensor], Tensor]] = {
    "usual": lambda x: x,
    "large": lambda x: x * 1e4,
    "small": lambda x: x * 1e-12,
    "not finite": lambda x: with_odd_ones(x),
}


@dataclass(frozen=True)
class Case:
    """What a pass is tried on."""

    dtype: torch.dtype
    tokens: int
    width: int
    numbers: str

    def matrix(self, columns: int, seed: int = 0) -> Tensor:
        """[tokens, columns], its rows further apart than they are long."""
        torch.manual_seed(seed)
        wide = torch.randn(self.tokens, columns + 5)
        return NUMBERS[self.numbers](wide).to(self.dtype)[:, 3 : 3 + columns]

    def groups(self, seed: int = 0) -> Tensor:
        """[tokens, 3, width]"""
        return self.matrix(3 * self.width, seed).unflatten(1, (3, self.width))

    def norm(self) -> Norm:
        torch.manual_seed(9)
        return Norm(torch.randn(self.width), 1e-5)

    def angles(self) -> tuple[Tensor, Tensor]:
        """Of fewer pairs than there could be, where there are many."""
        angles = torch.arange(self.tokens).unsqueeze(1) * torch.rand(max(1, self.width // 2 - 3))
        return angles.cos(), angles.sin()


def with_odd_ones(x: Tensor) -> Tensor:
    """In some rows NaN and infinities, at their begin and their end."""
    x = x.clone()
    for row, odd in enumerate((torch.nan, torch.inf, -torch.inf)):
        x[row::5, row * 2 :: 7] = odd
    return x


def cases() -> Iterator[Case]:
    for dtype in DTYPES:
        for tokens, width in SIZES:
            yield Case(dtype, tokens, width, "usual")
        for numbers in ("large", "small", "not finite"):
            yield Case(dtype, 33, 129, numbers)


@pytest.fixture(scope="session")
def native(library: ctypes.CDLL) -> NativePasses:
    return NativePasses(library)


def rms_norm(passes: Passes, case: Case) -> list[Tensor]:
    out, inverse = case.groups(1), torch.zeros(case.tokens, 5)[:, 1:4]
    passes.rms_norm(case.groups(), case.norm(), out, inverse)
    return [out, inverse]


def add_rms_norm(passes: Passes, case: Case) -> list[Tensor]:
    total, out, inverse = case.matrix(case.width, 1), case.matrix(case.width, 2), torch.zeros(case.tokens, 1)
    passes.add_rms_norm(case.matrix(case.width), total, case.norm(), out, inverse)
    return [total, out, inverse]


def rms_norm_backward(passes: Passes, case: Case) -> list[Tensor]:
    x, norm, grad = case.groups(), case.norm(), case.groups(2)
    inverse = (x.float().square().mean(-1) + norm.epsilon).rsqrt()
    passes.rms_norm_backward(case.groups(1), x, norm, inverse, grad)
    return [grad]


def rotate(passes: Passes, case: Case) -> list[Tensor]:
    x = case.groups()
    if case.width > 1:
        passes.rotate(x, *case.angles())
    return [x]


def glu(passes: Passes, case: Case) -> list[Tensor]:
    outs = [case.matrix(case.width, 1), case.matrix(case.width, 2)]
    passes.glu(case.matrix(2 * case.width), "silu", outs[0])
    passes.glu(case.matrix(2 * case.width), "gelu_tanh", outs[1])
    return outs


def glu_backward(passes: Passes, case: Case) -> list[Tensor]:
    grads = [case.matrix(2 * case.width), case.matrix(2 * case.width)]
    passes.glu_backward(grads[0], "silu", case.matrix(case.width, 1))
    passes.glu_backward(grads[1], "gelu_tanh", case.matrix(case.width, 1))
    return grads


def labels(case: Case) -> Tensor:
    return torch.arange(case.tokens) * 5 % case.width


def cross_entropy(passes: Passes, case: Case) -> list[Tensor]:
    logits, losses = case.matrix(case.width), torch.zeros(case.tokens)
    passes.cross_entropy(logits, labels(case), 0.25, losses)
    return [logits, losses]


def losses(passes: Passes, case: Case) -> list[Tensor]:
    logits, losses = case.matrix(case.width), torch.zeros(case.tokens)
    passes.losses(logits, labels(case), losses)
    return [logits, losses]


def drop(passes: Passes, case: Case) -> list[Tensor]:
    out = case.matrix(case.width, 1)
    passes.drop(case.matrix(case.width), 0.1, 2**40 + 7, out)
    return [out]


def drop_backward(passes: Passes, case: Case) -> list[Tensor]:
    grad = case.matrix(case.width, 1)
    passes.drop_backward(case.matrix(case.width), 0.5, -3, grad)
    return [grad]


ALL = (rms_norm, add_rms_norm, rms_norm_backward, rotate, glu, glu_backward, cross_entropy, losses, drop, drop_backward)


@pytest.mark.parametrize("case", list(cases()), ids=str)
@pytest.mark.parametrize("computed", ALL, ids=lambda computed: computed.__name__)
def test_c_computes_what_torch_does(
    native: NativePasses, computed: Callable[[Passes, Case], list[Tensor]], case: Case
) -> None:
    for ours, twins in zip(computed(native, case), computed(TorchPasses(), case), strict=True):
        assert_near(ours, twins)


def assert_near(ours: Tensor, twins: Tensor) -> None:
    """Within one rounding of the type, and of a sum over the row."""
    precision = 1e-2 if ours.dtype == torch.bfloat16 else 1e-5
    finite = twins.isfinite()
    assert torch.equal(ours.isnan(), twins.isnan())
    assert torch.equal(ours[~finite & ~twins.isnan()], twins[~finite & ~twins.isnan()])
    scale = twins.float().where(finite, 0.0).abs().amax(-1, keepdim=True) if twins.numel() else 0.0
    assert (((ours.float() - twins.float()).where(finite, 0.0)).abs() <= precision * scale).all()


@pytest.mark.parametrize("computed", ALL, ids=lambda computed: computed.__name__)
def test_nothing_beside_the_rows_is_written(
    native: NativePasses, computed: Callable[[Passes, Case], list[Tensor]]
) -> None:
    case = Case(torch.bfloat16, 9, 37, "usual")
    for ours, twins in zip(computed(native, case), computed(TorchPasses(), case), strict=True):
        if ours._base is not None:
            assert torch.equal(around(ours), around(twins))


def around(part: Tensor) -> Tensor:
    """What a matrix is a part of, with zeros in the place of that part."""
    assert part._base is not None
    whole = part._base.clone()
    whole.as_strided(part.shape, part.stride(), part.storage_offset()).zero_()
    return whole


@pytest.mark.parametrize("computed", ALL, ids=lambda computed: computed.__name__)
def test_numbers_are_the_same_at_every_call_and_with_any_threads(
    native: NativePasses, computed: Callable[[Passes, Case], list[Tensor]], threads: Callable[[int], None]
) -> None:
    case = Case(torch.bfloat16, 41, 1030, "usual")
    threads(1)
    first = computed(native, case)
    for count in (1, 2, 3, 2):
        threads(count)
        assert all(map(torch.equal, first, computed(native, case)))


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    """Sets the threads of torch, for one test."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    "row",
    [
        [5.0] * 3000 + [300.0] + [0.0] * 50,
        [-torch.inf] * 2000 + [-200.0] * 3 + [-201.0] * 1048,
        [-500.0] * 1500 + [500.0] + [-torch.inf] * 1550,
        [-torch.inf] * 3051,
        [3e38] * 3051,
    ],
    ids=("greatest late", "masked first", "far apart", "all masked", "nearly infinite"),
)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_loss_does_not_depend_on_where_the_greatest_logit_is(
    native: NativePasses, row: list[float], dtype: torch.dtype
) -> None:
    for order in (1, -1):
        logits = torch.tensor([row[::order]]).to(dtype)
        labels, results = torch.tensor([2999]), []
        for passes in (native, TorchPasses()):
            grad, losses = logits.clone(), torch.zeros(1)
            passes.cross_entropy(grad, labels, 0.5, losses)
            results.append((grad, losses.unsqueeze(1)))
        for ours, twins in zip(*results, strict=True):
            assert_near(ours, twins)


def test_dropout_leaves_out_its_share_anew_for_each_seed(native: NativePasses) -> None:
    x, outs = torch.ones(300, 200), torch.zeros(2, 300, 200)
    for seed in (0, 1):
        native.drop(x, 0.2, seed, outs[seed])
    kept = outs > 0
    assert torch.all(outs[kept] == 1 / 0.8)
    assert abs(kept.float().mean() - 0.8) < 0.01
    assert abs(kept.float().mean(1) - 0.8).max() < 0.15
    assert abs((kept[0] & kept[1]).float().mean() - 0.64) < 0.01, "each seed leaves out others"


def test_without_a_share_dropout_leaves_nothing_out(native: NativePasses) -> None:
    x, out = torch.randn(30, 20), torch.zeros(30, 20)
    native.drop(x, 0.0, 5, out)
    assert torch.equal(out, x)


def test_gradients_are_those_that_torch_derives() -> None:
    case, passes = Case(torch.float32, 6, 10, "usual"), TorchPasses()
    x, norm, gate_up, logits = case.groups(), case.norm(), case.matrix(20), case.matrix(10)
    learned = [part.clone().requires_grad_() for part in (x, gate_up, gate_up, logits)]
    gates = [learned[1].chunk(2, dim=1), learned[2].chunk(2, dim=1)]
    functional.rms_norm(learned[0], (10,), norm.weight, norm.epsilon).backward(case.groups(1))
    (functional.silu(gates[0][0]) * gates[0][1]).backward(case.matrix(10, 1))
    (functional.gelu(gates[1][0], approximate="tanh") * gates[1][1]).backward(case.matrix(10, 1))
    functional.cross_entropy(learned[3], labels(case), reduction="sum").mul(0.25).backward()

    ours = [rms_norm_backward(passes, case)[0] - case.groups(2), *glu_backward(passes, case)]
    ours += cross_entropy(passes, case)[:1]
    for derived, grad in zip(learned, ours, strict=True):
        torch.testing.assert_close(grad, derived.grad, rtol=1e-4, atol=1e-5)
