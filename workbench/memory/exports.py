"""How large the files are in which a tuned model can be taken away. By arithmetic."""

import math
from collections.abc import Iterator

from workbench.memory.standard import BYTES
from workbench.models.facts import ModelFacts

_GGUF_BYTES = {
    "F16": 2,
    "F32": 4,
    "BF16": 2,
    "Q8_0": 34 / 32,
    "Q4_0": 18 / 32,
    "Q4_1": 20 / 32,
    "Q5_0": 22 / 32,
    "Q5_1": 24 / 32,
}
"""A number with its share of what its block holds besides: one number of 16 bits, or two."""

GGUF_NUMBERS = tuple(_GGUF_BYTES)
"""The number formats, the usual one first."""

WHOLE = ("F32", "F16", "BF16")
"""Those in which each number stands by itself; in the others a block of them shares a constant."""

_FEW_BITS = ("Q4_0", "Q4_1", "Q5_0", "Q5_1")
_BLOCK = 32
_FP32 = 4

_WORD_BYTES = {"merged": 50, "GGUF": 36}
"""Of the tokenizer, a word and how it is put together: as JSON, and in a GGUF file. Roughly."""


def export_bytes(facts: ModelFacts, kept: int) -> dict[str, float]:
    """By form. `kept` are the numbers in the adapter, or in the changed weights."""
    merged = {f"merged, {name}": float(facts.parameters * size) for name, size in BYTES.items()}
    sizes = {"adapter": float(_FP32 * kept)} | merged
    written = {form: size + _WORD_BYTES.get(form.split(",")[0], 0) * facts.vocabulary for form, size in sizes.items()}
    return written | {f"GGUF, {numbers}": gguf_bytes(facts, numbers) for numbers in ("F16", "Q8_0")}


def gguf_bytes(facts: ModelFacts, numbers: str) -> float:
    """Of a model with its tokenizer, in one of the number formats."""
    words = _WORD_BYTES["GGUF"] * facts.vocabulary
    if not facts.shapes:
        return words + _GGUF_BYTES[numbers] * facts.parameters
    forms = ((shape, gguf_form(shape, numbers, facts.vocabulary)) for shape in _rows_last(facts))
    return words + sum(math.prod(shape) * _GGUF_BYTES[form] for shape, form in forms)


def gguf_form(shape: tuple[int, ...], numbers: str, vocabulary: int) -> str:
    """How a tensor of a file in one of the number formats is stored.

    Vectors stay in 32 bits, and in 16 those whose rows no blocks fit into. What a token is read as, and chosen by, is
    worth 8 bits where the rest has fewer: a small model suffers most there.
    """
    if len(shape) == 1:
        return "F32"
    if numbers in WHOLE:
        return numbers
    if shape[-1] % _BLOCK:
        return "F16"
    return "Q8_0" if shape[0] == vocabulary and numbers in _FEW_BITS else numbers


def _rows_last(facts: ModelFacts) -> Iterator[tuple[int, ...]]:
    """Shapes as they lie in a GGUF file: a linear layer's rows are always its outputs."""
    for name, shape in facts.shapes.items():
        linear = facts.linear_shapes.get(name.removesuffix(".weight"))
        yield linear if linear and name.endswith(".weight") else shape
