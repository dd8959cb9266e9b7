"""A weight in any form as the table that C reads."""

from collections.abc import Callable

import torch
from torch import Tensor

from workbench.engine.coded import LEVELS, Coded
from workbench.engine.native.token_tables import Weight
from workbench.engine.twins.products import block_scales

KINDS = {torch.float32: 0, torch.bfloat16: 1}
_INT8, _BITS4 = 2, 3
_MOST_CODE = 127
"""What it stands for, in 8 bits, is the scale of its row."""


def describe_weight(held: Tensor | Coded, keep: Callable[[Tensor], int]) -> Weight:
    """`keep` holds a tensor for as long as the table is used, and tells its address."""
    if isinstance(held, Tensor):
        sizes = {"rows": held.shape[0], "columns": held.shape[1], "stride": held.stride(0)}
        return Weight(kind=KINDS[held.dtype], codes=keep(held), **sizes)
    codes = {"rows": held.rows, "columns": held.columns, "stride": held.columns, "codes": keep(held.codes)}
    if held.kind == "int8":
        return Weight(kind=_INT8, scales=keep(held.scales / _MOST_CODE), **codes)
    levels, scales = torch.tensor(LEVELS[held.kind]), block_scales(held)
    return Weight(kind=_BITS4, scales=keep(scales), levels=keep(levels), block=held.block, **codes)
