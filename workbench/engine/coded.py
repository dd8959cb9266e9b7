"""Frozen weights in few bits, as bitsandbytes makes them: the same codes, the same numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Coded:
    """A matrix [rows, columns] as codes and constants (Dettmers et al. 2023, arXiv:2305.14314, section 3)."""

    kind: Literal["nf4", "fp4", "int8"]
    rows: int
    columns: int
    codes: "Tensor"
    """4 bits: uint8, two numbers a byte, the first in the upper half, row by row; int8: int8 [rows, columns]."""

    scales: "Tensor"
    """4 bits: fp32, or uint8 where `nested`, one a block; int8: fp32, one a row."""

    block: int = 0
    """Numbers that share a scale, in 4 bits."""

    nested: "Nested | None" = None


@dataclass(frozen=True)
class Nested:
    """Double quantisation: what the uint8 scales stand for is levels[scale] · scales[its block] + offset."""

    levels: "Tensor"
    """[256] fp32."""

    scales: "Tensor"
    """fp32, one a block of `block`."""

    block: int
    offset: float
