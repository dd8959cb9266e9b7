"""Attention: in C as in torch and as torch's own, forward and backward, and no example seen by another."""

import ctypes
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import pytest
import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from workbench.engine.kernels import Attended, Attention, Sight, Spans
from workbench.engine.native.attention import NativeAttention, best_way
from workbench.engine.shape import Heads
from workbench.engine.twins.attention import TorchAttention

LENGTHS = (1, 2, 0, 15, 16, 17, 63, 0, 64, 65, 300)
WIDTHS = (16, 48, 64, 80, 96, 128, 256)
GROUPS = ((2, 2), (3, 1), (14, 2))
WINDOWS = (0, 1, 7, 64)
TILES = 2


@dataclass(frozen=True)
class Case:
    """What attention is tried on: queries, heads that they share, the width of each, and how far they see."""

    query: int = 3
    key_value: int = 1
    width: int = 64
    window: int = 0
    dtype: torch.dtype = torch.float32
    lengths: tuple[int, ...] = LENGTHS
    size: float = 1

    @property
    def sight(self) -> Sight:
        return Sight(Heads(self.query, self.key_value, self.width, self.width**-0.5), self.window)

    @property
    def spans(self) -> Spans:
        return Spans(torch.tensor((0, *self.lengths)).cumsum(0), self.sight)

    @property
    def qkv(self) -> Tensor:
        heads = self.sight.heads
        return self.size * self.matrix(heads.query_width + 2 * heads.key_width, seed=0)

    @property
    def grad_out(self) -> Tensor:
        return self.matrix(self.sight.heads.query_width, seed=1)

    def matrix(self, columns: int, seed: int) -> Tensor:
        """Its rows further apart than they are long."""
        torch.manual_seed(seed)
        return torch.randn(sum(self.lengths), columns + 5).to(self.dtype)[:, 3 : 3 + columns]


@dataclass(frozen=True)
class Result:
    out: Tensor
    log_sums: Tensor
    grad_qkv: Tensor

    def __iter__(self) -> Iterator[Tensor]:
        return iter((self.out, self.log_sums, self.grad_qkv))


def attend(attention: Attention, case: Case, qkv: Tensor | None = None) -> Result:
    """Into matrices that hold NaN before, since all of them is to be written."""
    qkv = case.qkv if qkv is None else qkv
    heads = case.sight.heads
    attended = Attended(torch.full_like(case.grad_out, torch.nan), torch.full((len(qkv), heads.query), torch.nan))
    grad_qkv = torch.full_like(qkv, torch.nan)
    attention.forward(qkv, case.spans, attended)
    attention.backward(qkv, case.spans, attended, case.grad_out, grad_qkv)
    return Result(attended.out, attended.log_sums, grad_qkv)


def attend_by_autograd(case: Case, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Out and gradient, from torch's own attention with the same numbers."""
    qkv = case.qkv.to(dtype).requires_grad_()
    out = torch.cat([_of_one(qkv[first:last], case) for first, last in pairwise(case.spans.starts.tolist())])
    (grad,) = torch.autograd.grad(out, qkv, case.grad_out.to(dtype))
    return out.detach(), grad


def _of_one(qkv: Tensor, case: Case) -> Tensor:
    heads = case.sight.heads
    parts = qkv.split([heads.query_width, heads.key_width, heads.key_width], dim=1)
    q, k, v = (part.unflatten(1, (-1, heads.width)).transpose(0, 1).unsqueeze(0) for part in parts)
    place = torch.arange(len(qkv))
    behind = place.unsqueeze(1) - place
    seen = (behind >= 0) & (behind < (case.window or len(qkv) + 1))
    out = scaled_dot_product_attention(q, k, v, attn_mask=seen, scale=heads.scale, enable_gqa=True)
    return out.squeeze(0).transpose(0, 1).flatten(1)


def distance(x: Tensor, y: Tensor) -> float:
    """Of all numbers, relative to their size, but never to less than 1: sums near zero are left of what cancels."""
    return float((x.double() - y.double()).norm() / y.double().norm().clamp(min=1))


def test_the_twin_is_as_torchs_own() -> None:
    for window in WINDOWS:
        case = Case(4, 2, 16, window)
        made = attend(TorchAttention(), case)
        out, grad = attend_by_autograd(case, torch.float64)
        assert distance(made.out, out) < 1e-6
        assert distance(made.grad_qkv, grad) < 1e-6


@pytest.mark.parametrize("place", range(len(WIDTHS)), ids=map(str, WIDTHS))
def test_fp32_is_as_torchs_own(library: ctypes.CDLL, place: int) -> None:
    case = Case(*GROUPS[place % 3], WIDTHS[place], WINDOWS[place % 4])
    _is_as_torchs_own(NativeAttention(library), case)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("groups", GROUPS, ids=str)
@pytest.mark.parametrize("window", WINDOWS)
def test_fp32_is_as_torchs_own_everywhere(
    library: ctypes.CDLL, width: int, groups: tuple[int, int], window: int
) -> None:
    _is_as_torchs_own(NativeAttention(library), Case(*groups, width, window))


def _is_as_torchs_own(attention: Attention, case: Case) -> None:
    made, twin = attend(attention, case), attend(TorchAttention(), case)
    out, grad = attend_by_autograd(case, torch.float64)
    assert distance(made.out, out) < 1e-6
    assert distance(made.log_sums, twin.log_sums) < 1e-6
    assert distance(made.grad_qkv, grad) < 1e-5
    assert (made.out - out).abs().max() < 1e-5


@pytest.mark.parametrize("place", range(len(WIDTHS)), ids=map(str, WIDTHS))
def test_bf16_is_no_worse_than_torchs_own(library: ctypes.CDLL, place: int) -> None:
    case = Case(*GROUPS[place % 3], WIDTHS[place], WINDOWS[(place + 3) % 4], torch.bfloat16)
    _is_no_worse_than_torchs_own(library, case)


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("groups", GROUPS, ids=str)
@pytest.mark.parametrize("window", WINDOWS)
def test_bf16_is_no_worse_than_torchs_own_everywhere(
    library: ctypes.CDLL, width: int, groups: tuple[int, int], window: int
) -> None:
    case = Case(*groups, width, window, torch.bfloat16)
    _is_no_worse_than_torchs_own(library, case)


def _is_no_worse_than_torchs_own(library: ctypes.CDLL, case: Case) -> None:
    """In each way that this machine has."""
    exact_out, exact_grad = attend_by_autograd(case, torch.float64)
    out, grad = attend_by_autograd(case, torch.bfloat16)
    for way in range(best_way(library) + 1):
        made = attend(NativeAttention(library, way), case)
        assert distance(made.out, exact_out) < 1.1 * distance(out, exact_out) + 1e-4
        assert distance(made.grad_qkv, exact_grad) < 1.1 * distance(grad, exact_grad) + 1e-4


@pytest.mark.parametrize("way", range(TILES + 1))
def test_an_example_that_went_wrong_leaves_the_others_as_they_are(library: ctypes.CDLL, way: int) -> None:
    if way > best_way(library):
        pytest.skip("This machine has no such way.")
    case = Case(6, 2, 48, dtype=torch.bfloat16, lengths=(33, 40, 31))
    wrong = case.qkv.clone()
    wrong[50] = torch.nan
    attention = NativeAttention(library, way)
    for right, made in zip(attend(attention, case), attend(attention, case, wrong), strict=True):
        assert made[33:73].isnan().any()
        assert torch.equal(made[:33], right[:33])
        assert torch.equal(made[73:], right[73:])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_scores_may_be_large(library: ctypes.CDLL, dtype: torch.dtype) -> None:
    case = Case(dtype=dtype, lengths=(300, 7), size=30)
    made, twin = attend(NativeAttention(library), case), attend(TorchAttention(), case)
    for x, y in zip(made, twin, strict=True):
        assert x.isfinite().all()
        assert distance(x, y) < (1e-3 if dtype == torch.float32 else 1e-2)


@pytest.mark.parametrize("threads", [1, 2, 5, 16])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_every_call_gives_the_same_for_any_threads(library: ctypes.CDLL, threads: int, dtype: torch.dtype) -> None:
    case = Case(3, 1, 32, 0, dtype, lengths=(0, 3, 350, 1, 70))
    attention, alone = NativeAttention(library), attend(NativeAttention(library), case)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        first = attend(attention, case)
        torch.randn(300, 300).bfloat16() @ torch.randn(300, 300).bfloat16()
        second = attend(attention, case)
    finally:
        torch.set_num_threads(before)
    for x, y, z in zip(first, second, alone, strict=True):
        assert torch.equal(x, y)
        assert distance(x, z) < (1e-6 if dtype == torch.float32 else 1e-3)


def test_threads_may_call_it_at_the_same_time(library: ctypes.CDLL) -> None:
    attention, case = NativeAttention(library), Case(lengths=(350, 70))
    texts = [case.matrix(case.qkv.shape[1], seed).bfloat16() for seed in range(8)]

    def out_of(qkv: Tensor) -> Tensor:
        out = torch.empty(len(qkv), case.sight.heads.query_width, dtype=qkv.dtype)
        attention.forward(qkv, case.spans, Attended(out, torch.empty(len(qkv), case.query)))
        return out

    alone = [out_of(qkv) for qkv in texts]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            assert all(map(torch.equal, alone, pool.map(out_of, texts)))


@pytest.mark.parametrize("new", [1, 3, 31, 33, 200])
@pytest.mark.parametrize("window", [0, 5, 40])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_a_text_that_grows_is_read_as_a_whole_one(
    library: ctypes.CDLL, new: int, window: int, dtype: torch.dtype
) -> None:
    case = Case(6, 2, 32, window, dtype, lengths=(200,))
    heads = case.sight.heads
    queries, keys, values = case.qkv.split([heads.query_width, heads.key_width, heads.key_width], dim=1)
    for attention in (NativeAttention(library), TorchAttention()):
        out = torch.empty(new, heads.query_width, dtype=dtype)
        attention.read(queries[-new:], keys, values, case.sight, out)
        assert distance(out, attend(attention, case).out[-new:]) < (1e-6 if dtype == torch.float32 else 5e-3)


def test_no_examples_are_no_work(library: ctypes.CDLL) -> None:
    attend(NativeAttention(library), Case(lengths=()))
    attend(NativeAttention(library), Case(lengths=(0, 0)))
