"""Tries a newly built library against torch, on little: `python -m workbench.engine.native.trial LIBRARY`.

Exit 0 where all of it computes right; otherwise 1, and a line on stderr says what does not.
"""

import sys
from pathlib import Path

import torch
from torch import Tensor

from workbench.engine.choice import native_kernels, torch_kernels
from workbench.engine.coded import Coded
from workbench.engine.kernels import Attended, Kernels, Norm, Sight, Spans
from workbench.engine.shape import Heads

_TOKENS, _WIDTH = 40, 72
_SPANS = Spans(torch.tensor([0, 33, 40]), Sight(Heads(query=4, key_value=2, width=16, scale=0.25), window=0))
_NEARNESS = {torch.float32: 1e-4, torch.bfloat16: 2e-2}
"""As a share of the largest number."""


def main(path: str) -> str | None:
    """What is wrong, if anything is."""
    ours, twins = native_kernels(Path(path)), torch_kernels("on trial")
    for dtype in _NEARNESS:
        for compute in (_pass, _attend, _decode):
            if not _are_near(compute(ours, dtype), compute(twins, dtype)):
                return f"{compute.__name__.strip('_')} in {dtype} gives other numbers than torch."
    return None


def _pass(kernels: Kernels, dtype: torch.dtype) -> list[Tensor]:
    gate_up, logits = _numbers(2 * _WIDTH, dtype), _numbers(_WIDTH, dtype)
    total, gated, normed = (torch.zeros(_TOKENS, _WIDTH, dtype=dtype) for _ in range(3))
    inverse, losses = torch.zeros(_TOKENS, 1), torch.zeros(_TOKENS)
    passes = kernels.passes
    passes.glu(gate_up, "silu", gated)
    passes.add_rms_norm(gated, total, Norm(torch.ones(_WIDTH), 1e-5), normed, inverse)
    passes.glu_backward(gate_up, "gelu_tanh", normed)
    passes.cross_entropy(logits, torch.arange(_TOKENS), 1.0, losses)
    return [gate_up, logits, total, gated, normed, inverse, losses]


def _attend(kernels: Kernels, dtype: torch.dtype) -> list[Tensor]:
    heads = _SPANS.sight.heads
    qkv = _numbers(heads.query_width + 2 * heads.key_width, dtype)
    attended = Attended(torch.zeros(_TOKENS, heads.query_width, dtype=dtype), torch.zeros(_TOKENS, heads.query))
    grad = torch.zeros_like(qkv)
    kernels.attention.forward(qkv, _SPANS, attended)
    kernels.attention.backward(qkv, _SPANS, attended, _numbers(heads.query_width, dtype), grad)
    return [attended.out, attended.log_sums, grad]


def _decode(kernels: Kernels, dtype: torch.dtype) -> list[Tensor]:
    codes, scales = torch.arange(128, dtype=torch.uint8), torch.arange(1.0, 5.0)
    out = torch.zeros(4, 64, dtype=dtype)
    kernels.products.decode(Coded("nf4", 4, 64, codes, scales, block=64), out)
    return [out]


def _numbers(columns: int, dtype: torch.dtype) -> Tensor:
    torch.manual_seed(columns)
    return torch.randn(_TOKENS, columns).to(dtype)


def _are_near(ours: list[Tensor], twins: list[Tensor]) -> bool:
    return all(
        bool(((a.float() - b.float()).abs() <= _NEARNESS[a.dtype] * b.float().abs().max()).all())
        for a, b in zip(ours, twins, strict=True)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
