"""Attention of our own against torch's, forward and backward, by length:  python -m benchmarks.attention

Four examples of one length, bf16. Both are called in turn, and the best of many calls of each is taken, so that a busy
machine hits both. Only the products that a causal mask leaves are counted, half of all.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from workbench.engine.kernels import Attended, Sight, Spans
from workbench.engine.native.attention import NativeAttention
from workbench.engine.native.build import build
from workbench.engine.native.library import load
from workbench.engine.shape import Heads

CACHE = Path(__file__).resolve().parents[1] / "build" / "kernels"
LENGTHS = (50, 193, 420, 774, 2048)
EXAMPLES = 4
BACKWARD_SHARE = 2.5
"""Products of the backward pass for each of the forward pass."""


@dataclass(frozen=True)
class Pair:
    """Seconds of a call."""

    ours: float
    torchs: float


@dataclass(frozen=True)
class Work:
    heads: Heads
    length: int

    @property
    def spans(self) -> Spans:
        return Spans(torch.arange(EXAMPLES + 1) * self.length, Sight(self.heads, 0))

    @property
    def flops(self) -> float:
        """Of the forward pass."""
        return EXAMPLES * self.heads.query * self.heads.width * 2 * self.length**2

    def matrix(self, columns: int) -> Tensor:
        return torch.randn(EXAMPLES * self.length, columns).bfloat16()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--heads", type=int, nargs=3, default=(9, 3, 64), help="queries, keys and width (default: 9 3 64)"
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--rounds", type=int, default=30, help="calls of each (default: 30)")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    query, key_value, width = arguments.heads
    attention = NativeAttention(load(build(CACHE)))
    print(f"{arguments.threads} threads, {query} heads on {key_value}, {width} wide; GF/s, torch's, ratio")
    for length in LENGTHS:
        work = Work(Heads(query, key_value, width, width**-0.5), length)
        forward, backward = measure(attention, work, arguments.rounds)
        print(f"{length:5d}  forward {rates(forward, work.flops)}", end="")
        print(f"  backward {rates(backward, BACKWARD_SHARE * work.flops)}")


def rates(pair: Pair, flops: float) -> str:
    return f"{flops / pair.ours / 1e9:5.0f} {flops / pair.torchs / 1e9:5.0f} {pair.torchs / pair.ours:5.1f}"


def measure(attention: NativeAttention, work: Work, rounds: int) -> tuple[Pair, Pair]:
    heads = work.heads
    qkv, grad_out = work.matrix(heads.query_width + 2 * heads.key_width), work.matrix(heads.query_width)
    attended = Attended(torch.empty_like(grad_out), torch.empty(len(qkv), heads.query))
    grad_qkv, spans = torch.empty_like(qkv), work.spans
    parts = [part.detach().requires_grad_() for part in by_head(qkv, heads)]
    out = scaled_dot_product_attention(*parts, is_causal=True)
    grad = torch.randn_like(out)

    def attend() -> None:
        with torch.no_grad():
            scaled_dot_product_attention(*parts, is_causal=True)

    def go_back() -> None:
        torch.autograd.grad(out, parts, grad, retain_graph=True)

    forward = in_turn(lambda: attention.forward(qkv, spans, attended), attend, rounds)
    backward = in_turn(lambda: attention.backward(qkv, spans, attended, grad_out, grad_qkv), go_back, rounds)
    return forward, backward


def by_head(qkv: Tensor, heads: Heads) -> list[Tensor]:
    """[examples, heads, length, width]; keys and values repeated for each head, as torch's fast way wants them."""
    parts = qkv.split([heads.query_width, heads.key_width, heads.key_width], dim=1)
    shaped = [part.unflatten(1, (-1, heads.width)).unflatten(0, (EXAMPLES, -1)).transpose(1, 2) for part in parts]
    return [part.repeat_interleave(heads.query // part.shape[1], 1).contiguous() for part in shaped]


def in_turn(ours: Callable[[], None], torchs: Callable[[], None], rounds: int) -> Pair:
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, taken in zip((ours, torchs), seconds, strict=True):
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
    return Pair(min(seconds[0]), min(seconds[1]))


if __name__ == "__main__":
    main()
