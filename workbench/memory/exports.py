"""How large the files are in which a tuned model can be taken away. By arithmetic."""

import math
from collections.abc import Iterator

from workbench.memory.standard import BYTES
from workbench.models.facts import ModelFacts

_Q8_0_BYTES = 34 / 32
"""A number with its share of the constant: blocks of 32 codes of 8 bits, and one number of 16."""

_BLOCK = 32
_FP16, _FP32 = 2, 4

_WORD_BYTES = {"merged": 50, "GGUF": 36}
"""Of the tokenizer, a word and how it is put together: as JSON, and in a GGUF file. Roughly."""


def export_bytes(facts: ModelFacts, kept: int) -> dict[str, float]:
    """By form. `kept` are the numbers in the adapter, or in the changed weights."""
    merged = {f"merged, {name}": float(facts.parameters * size) for name, size in BYTES.items()}
    gguf = {"GGUF, F16": _gguf_bytes(facts, _FP16), "GGUF, Q8_0": _gguf_bytes(facts, _Q8_0_BYTES)}
    sizes = {"adapter": float(_FP32 * kept)} | merged | gguf
    return {form: size + _WORD_BYTES.get(form.split(",")[0], 0) * facts.vocabulary for form, size in sizes.items()}


def _gguf_bytes(facts: ModelFacts, each: float) -> float:
    """Vectors stay in 32 bits, and so do the rows in 16 that no blocks fit into."""
    if not facts.shapes:
        return each * facts.parameters
    return sum(math.prod(shape) * size for shape, size in _sizes(facts, each))


def _sizes(facts: ModelFacts, each: float) -> Iterator[tuple[tuple[int, ...], float]]:
    for shape in facts.shapes.values():
        if len(shape) == 1:
            yield shape, _FP32
        else:
            yield shape, each if shape[-1] % _BLOCK == 0 else _FP16
