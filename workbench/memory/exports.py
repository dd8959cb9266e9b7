"""How large the files are in which a tuned model can be taken away. By arithmetic."""

import math
import re
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

_K_BYTES = {"Q4_K": 144 / 256, "Q5_K": 176 / 256, "Q6_K": 210 / 256}
_K_FORMS = {
    "Q4_K_M": ("Q4_K", "Q5_K", "Q5_0"),
    "Q5_K_M": ("Q5_K", "Q6_K", "Q5_1"),
    "Q6_K": ("Q6_K", "Q6_K", "Q8_0"),
}
"""What most of a file is, what queries, keys and values that are one tensor are, and what no K-quant fits into."""

K_NUMBERS = tuple(_K_FORMS)
"""Those that llama.cpp makes."""

K_SOURCE = "F16"
"""What it makes them of."""

_K_BLOCK = 256
_JOINED = re.compile(r"(qkv_proj|c_attn)\.weight$")
_WORTH_MORE = re.compile(r"\.(\d+)\.(self_attn\.v_proj|mlp\.down_proj|mlp\.c_proj)\.weight$")
_BYTES = {**_GGUF_BYTES, **_K_BYTES}

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
        return words + _BYTES[_K_FORMS.get(numbers, (numbers,))[0]] * facts.parameters
    return words + sum(math.prod(shape) * _BYTES[_form(name, shape, numbers, facts)] for name, shape in _rows(facts))


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


def _form(name: str, shape: tuple[int, ...], numbers: str, facts: ModelFacts) -> str:
    if numbers not in K_NUMBERS or len(shape) == 1:
        return gguf_form(shape, numbers, facts.vocabulary)
    usual, joined, unfit = _K_FORMS[numbers]
    chooses = shape[0] == facts.vocabulary and (facts.tied or "embed" not in name)
    if shape[-1] % _K_BLOCK:
        return "Q8_0" if chooses else unfit
    if chooses or _is_worth_more(name, facts.layers):
        return "Q6_K"
    return joined if _JOINED.search(name) else usual


def _is_worth_more(name: str, layers: int) -> bool:
    """llama.cpp gives more bits to some tensors of the first and last eighth of layers, and of each third between."""
    found = _WORTH_MORE.search(name)
    if not found:
        return False
    number, eighth = int(found[1]), layers // 8
    return number < eighth or number >= 7 * layers // 8 or (number - eighth) % 3 == 2


def _rows(facts: ModelFacts) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Shapes as they lie in a GGUF file: a linear layer's rows are always its outputs."""
    for name, shape in facts.shapes.items():
        linear = facts.linear_shapes.get(name.removesuffix(".weight"))
        yield name, linear if linear and name.endswith(".weight") else shape
