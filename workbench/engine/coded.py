"""Frozen weights in few bits, as bitsandbytes makes them: the same codes, the same numbers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor

Kind = Literal["nf4", "fp4", "int8"]


@dataclass(frozen=True)
class Coded:
    """A matrix [rows, columns] as codes and constants (Dettmers et al. 2023, arXiv:2305.14314, section 3).

    In 4 bits a number is LEVELS[code] · the scale of its block; in 8 bits code / 127 · the scale of its row.
    """

    kind: Kind
    rows: int
    columns: int
    codes: "Tensor"
    """4 bits: uint8, two numbers a byte, the first in the upper half, row by row; int8: int8 [rows, columns]."""

    scales: "Tensor"
    """4 bits: fp32, or uint8 where `nested`, one a block; int8: fp32, one a row."""

    block: int = 0
    """Numbers that share a scale, in 4 bits. Blocks go on from row to row, and the last may be short."""

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


_NF4 = (
    *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453),
    *(-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0),
    *(0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224),
    *(0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
)
_FP4 = (0.0, 1 / 192, 2 / 3, 1.0, 1 / 3, 1 / 2, 1 / 6, 1 / 4)

LEVELS: dict[Kind, tuple[float, ...]] = {"nf4": _NF4, "fp4": _FP4 + tuple(-level for level in _FP4)}
"""What the 4-bit codes stand for."""

ORDER: dict[Kind, tuple[int, ...]] = {
    "nf4": tuple(range(16)),
    "fp4": (11, 10, 13, 12, 15, 14, 9, 0, 8, 1, 6, 7, 4, 5, 2, 3),
}
"""The 4-bit codes from the least level to the greatest."""
