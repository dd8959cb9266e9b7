"""How the numbers of a GGUF file are stored, and by how much that may change them."""

from dataclasses import dataclass

import numpy as np
from gguf import GGMLQuantizationType, LlamaFileType
from gguf.quants import dequantize, quant_shape_to_byte_shape, quantize
from numpy.typing import NDArray

from workbench.memory.exports import WHOLE, gguf_form

FILE_TYPES = {
    "F32": LlamaFileType.ALL_F32,
    "F16": LlamaFileType.MOSTLY_F16,
    "BF16": LlamaFileType.MOSTLY_BF16,
    "Q8_0": LlamaFileType.MOSTLY_Q8_0,
    "Q4_0": LlamaFileType.MOSTLY_Q4_0,
    "Q4_1": LlamaFileType.MOSTLY_Q4_1,
    "Q5_0": LlamaFileType.MOSTLY_Q5_0,
    "Q5_1": LlamaFileType.MOSTLY_Q5_1,
    "Q4_K_M": LlamaFileType.MOSTLY_Q4_K_M,
    "Q5_K_M": LlamaFileType.MOSTLY_Q5_K_M,
    "Q6_K": LlamaFileType.MOSTLY_Q6_K,
}
"""By what the formats are called on the page and in the names of files."""

_TOLERANCES = {
    "F32": 0.0,
    "F16": 2**-11,
    "BF16": 2**-8,
    "Q8_0": 0.005,
    "Q6_K": 0.05,
    "Q5_K": 0.1,
    "Q4_K": 0.2,
    "Q5_1": 0.04,
    "Q5_0": 0.07,
    "Q4_1": 0.08,
    "Q4_0": 0.13,
}
"""As a share of the number, or of the largest of its block: half a step, or a whole one at a format's open end."""

_LEAST = 6e-8
"""Below it 16 bits hold nothing."""

_BLOCK = 32

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Form:
    """How one tensor is stored."""

    type: GGMLQuantizationType
    shape: tuple[int, ...]

    @classmethod
    def of(cls, shape: tuple[int, ...], numbers: str, vocabulary: int) -> "Form":
        return cls(GGMLQuantizationType[gguf_form(shape, numbers, vocabulary)], shape)

    @property
    def stored_shape(self) -> tuple[int, ...]:
        """In bytes where numbers are stored in blocks."""
        return self.shape if self.type in (0, 1) else quant_shape_to_byte_shape(self.shape, self.type)

    @property
    def stored_dtype(self) -> np.dtype[np.generic]:
        return np.dtype({0: np.float32, 1: np.float16}.get(self.type, np.uint8))

    @property
    def size_bytes(self) -> int:
        return int(np.prod(self.stored_shape)) * self.stored_dtype.itemsize

    def encode(self, numbers: Numbers) -> NDArray[np.generic]:
        return quantize(numbers, self.type)

    def error(self, stored: NDArray[np.generic], due: Numbers) -> float:
        """By how much more than the format must, the stored numbers are others: at most 1 is right."""
        found = dequantize(stored, self.type).reshape(due.shape)
        room = _TOLERANCES[self.type.name] * (abs(due) if self.type.name in WHOLE else _largest(due)) + _LEAST
        return float((abs(found - due) / room).max(initial=0.0))


def _largest(numbers: Numbers) -> Numbers:
    """Of the block of each number."""
    blocks = abs(numbers).reshape(-1, _BLOCK).max(axis=1, keepdims=True)
    return np.broadcast_to(blocks, (len(blocks), _BLOCK)).reshape(numbers.shape)
