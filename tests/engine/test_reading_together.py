"""Texts of several readers, a token of each at a time: to the last bit what each has alone."""

import ctypes
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.engine.beside import TWINS, Pair, Wanted
from tests.engine.test_reading import KINDS, TEXT, folders, kernels, model_of, read
from workbench.engine.adapters import Adapters
from workbench.engine.kernels import Kernels
from workbench.engine.native.tokens import NativeTokens
from workbench.engine.quantizing import Quantizer
from workbench.engine.reading import GrowingText, ReadingModel
from workbench.engine.shape_reading import read_shape
from workbench.engine.weight_reading import read_weights
from workbench.models.quantization import Quantization

__all__ = ["folders", "kernels"]
"""Fixtures."""

FORMS: dict[str, Quantization] = {
    "nf4": Quantization("nf4"),
    "fp4": Quantization("fp4", double=False),
    "int8": Quantization("int8"),
}
DTYPES = (torch.float32, torch.bfloat16)
WANTED = (
    Wanted(),
    Wanted(("v_proj", "down_proj"), (0,), {"v_proj": 17}),
    Wanted(("gate_proj",), ranks={"gate_proj": 1}),
)


def open_texts(model: ReadingModel, readers: list[tuple[Adapters | None, float]], length: int) -> list[GrowingText]:
    """Of different lengths."""
    texts = [model.open(*reader) for reader in readers]
    for place, text in enumerate(texts):
        text.read(TEXT[: length + place])
    return texts


def read_alone(texts: list[GrowingText], length: int) -> list[list[Tensor]]:
    return [[text.read(TEXT[: length + place + step]) for step in (1, 2, 3)] for place, text in enumerate(texts)]


def read_side_by_side(model: ReadingModel, texts: list[GrowingText], length: int) -> list[list[Tensor]]:
    ids = [[TEXT[: length + place + step] for place in range(len(texts))] for step in (1, 2, 3)]
    steps = [model.read_together(texts, some) for some in ids]
    return [list(rows) for rows in zip(*steps, strict=True)]


def are_equal(some: list[list[Tensor]], others: list[list[Tensor]]) -> bool:
    return all(torch.equal(*pair) for rows in zip(some, others, strict=True) for pair in zip(*rows, strict=True))


def readers_of(folder: Path, count: int) -> list[tuple[Adapters | None, float]]:
    """The base, and adapters of all sorts with different strengths."""
    adapters = [None, *(Pair(folder, wanted).adapters for wanted in WANTED)]
    return [(adapters[place % len(adapters)], 1 - place / 16) for place in range(count)]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("kind", "form"), [*((kind, "plain") for kind in KINDS), *(("qwen2", form) for form in FORMS)])
def test_each_text_has_the_logits_that_it_has_alone(
    kind: str, form: str, dtype: torch.dtype, folders: dict[str, Path], library: ctypes.CDLL
) -> None:
    quantizer = Quantizer(FORMS[form], TWINS.products) if form in FORMS else None
    weights = read_weights(folders[kind], read_shape(folders[kind]), dtype, quantizer)
    model = ReadingModel(weights, replace(TWINS, tokens=NativeTokens(library)))
    readers = readers_of(folders[kind], 11)
    due = read_alone(open_texts(model, readers, 5), 5)
    for count in (1, 2, 3, 4, 7, 11):
        assert are_equal(read_side_by_side(model, open_texts(model, readers[:count], 5), 5), due[:count])
    assert not torch.equal(due[0][0], due[1][0])


@pytest.mark.parametrize("threads", [2, 3])
def test_the_number_of_threads_changes_no_bit_of_any(
    threads: int, folders: dict[str, Path], library: ctypes.CDLL
) -> None:
    model = model_of(folders["qwen3"], replace(TWINS, tokens=NativeTokens(library)))
    readers = readers_of(folders["qwen3"], 5)
    due = read_alone(open_texts(model, readers, 5), 5)
    texts = open_texts(model, readers, 5)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        assert are_equal(read_side_by_side(model, texts, 5), due)
    finally:
        torch.set_num_threads(before)


def test_without_kernels_that_read_tokens_texts_are_read_one_after_another(folders: dict[str, Path]) -> None:
    model = model_of(folders["llama"], TWINS)
    readers = readers_of(folders["llama"], 3)
    due = read_alone(open_texts(model, readers, 5), 5)
    assert are_equal(read_side_by_side(model, open_texts(model, readers, 5), 5), due)


def test_at_no_strength_an_adapter_is_the_base(folders: dict[str, Path], kernels: Kernels) -> None:
    model, adapters = model_of(folders["qwen2"], kernels), Pair(folders["qwen2"], Wanted()).adapters
    base, tuned = read(model), read(model, adapters)
    text = model.open(adapters, 0.0)
    assert all(torch.equal(text.read(TEXT[: 11 + place]), due) for place, due in enumerate(base))
    assert not torch.allclose(base[0], tuned[0], atol=0.01)


def test_what_adapters_add_is_multiplied_by_their_strength(folders: dict[str, Path], kernels: Kernels) -> None:
    model, pair = model_of(folders["llama"], kernels), Pair(folders["llama"], Wanted())
    text = model.open(pair.adapters, 1.5)
    ours = [text.read(TEXT[:length]) for length in range(11, len(TEXT) + 1)]
    with torch.no_grad():
        for name, parameter in pair.adapters.parameters.items():
            parameter.mul_(1.5 if ".lora_B." in name else 1)
    for logits, due in zip(ours, read(model, pair.adapters), strict=True):
        assert torch.allclose(logits, due, atol=1e-5)
