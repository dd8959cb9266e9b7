"""The number format that a model computes in, which may be another than the one that its weights are held in."""

import torch

_FORMATS = {"bf16": torch.bfloat16, "fp16": torch.float16}


def computing_in(precision: str, device: str) -> torch.autocast:
    """Within this, weights of both kinds go together: frozen ones in `precision`, and trained ones in full."""
    return torch.autocast(device, _FORMATS.get(precision), enabled=precision in _FORMATS)
