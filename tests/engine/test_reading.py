"""Texts that grow, read on the fast path: the logits of transformers and PEFT, however a text is cut."""

import ctypes
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from transformers import AutoModelForCausalLM

from tests.engine.beside import TWINS, VOCABULARY, Pair, Wanted, save_model
from workbench.engine.adapters import Adapters
from workbench.engine.coded import Coded
from workbench.engine.kernels import Kernels
from workbench.engine.native.tokens import NativeTokens
from workbench.engine.quantizing import Quantizer
from workbench.engine.reading import ReadingModel
from workbench.engine.shape_reading import read_shape
from workbench.engine.weight_reading import read_weights
from workbench.models import decode
from workbench.models.quantization import Quantization

KINDS: dict[str, dict[str, Any]] = {
    "llama": {"attention_bias": True},
    "mistral": {"sliding_window": 7},
    "qwen2": {},
    "qwen3": {},
    "smollm3": {},
}
TEXT = torch.randint(0, VOCABULARY, (40,), generator=torch.Generator().manual_seed(3)).tolist()


@pytest.fixture(params=["torch", "c"])
def kernels(request: pytest.FixtureRequest) -> Kernels:
    """Tokens one by one through the twins, or at once in C."""
    if request.param == "torch":
        return TWINS
    library: ctypes.CDLL = request.getfixturevalue("library")
    return replace(TWINS, tokens=NativeTokens(library))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    return {kind: save_model(folder / kind, kind, **changes) for kind, changes in KINDS.items()}


def model_of(folder: Path, kernels: Kernels, dtype: torch.dtype = torch.float32) -> ReadingModel:
    return ReadingModel(read_weights(folder, read_shape(folder), dtype), kernels)


def read(model: ReadingModel, adapters: Adapters | None = None, by_one_from: int = 11) -> list[Tensor]:
    """Logits after each place from there on: the text before in one piece, then token by token."""
    text = model.open(adapters)
    return [text.read(TEXT[:length]) for length in range(by_one_from, len(TEXT) + 1)]


@torch.no_grad()
def logits_of(network: Any) -> Tensor:
    return network(input_ids=torch.tensor([TEXT])).logits[0, 10:].float()


@pytest.mark.parametrize("kind", KINDS)
def test_reads_as_transformers_and_peft_do(kind: str, folders: dict[str, Path], kernels: Kernels) -> None:
    pair = Pair(folders[kind], Wanted(ranks={"k_proj": 3, "down_proj": 6}))
    model = model_of(folders[kind], kernels)
    for adapters, due in ((pair.adapters, logits_of(pair.peft)), (None, logits_of(pair.peft.unload()))):
        assert torch.allclose(torch.stack(read(model, adapters)), due, atol=2e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", ["llama", "qwen3"])
def test_bf16_is_as_near_to_fp32_as_that_of_transformers(kind: str, folders: dict[str, Path], kernels: Kernels) -> None:
    due, theirs = (
        logits_of(AutoModelForCausalLM.from_pretrained(folders[kind], dtype=dtype))
        for dtype in (torch.float32, torch.bfloat16)
    )
    ours = torch.stack(read(model_of(folders[kind], kernels, torch.bfloat16)))
    assert (ours - due).norm() <= 1.5 * (theirs - due).norm()


@pytest.mark.parametrize(
    "quantization",
    [
        Quantization("nf4"),
        Quantization("nf4", block_size=128),
        Quantization("fp4", double=False),
        Quantization("int8"),
    ],
    ids=str,
)
def test_codes_are_read_as_the_numbers_they_stand_for(
    quantization: Quantization, folders: dict[str, Path], kernels: Kernels
) -> None:
    folder, quantizer = folders["qwen2"], Quantizer(quantization, TWINS.products)
    shape, adapters = read_shape(folder), Pair(folder, Wanted()).adapters
    coded = read_weights(folder, shape, torch.float32, quantizer)
    layers = tuple(replace(layer, products=made_whole(layer.products)) for layer in coded.layers)
    whole = ReadingModel(replace(coded, layers=layers), TWINS)
    for ours, due in zip(read(ReadingModel(coded, kernels), adapters), read(whole, adapters), strict=True):
        assert torch.allclose(ours, due, atol=2e-5)


def made_whole(products: dict[str, Any]) -> dict[str, Tensor]:
    return {name: torch.cat([plain(coded) for coded in parts]) for name, parts in products.items()}


def plain(coded: Coded) -> Tensor:
    numbers = torch.empty(coded.rows, coded.columns)
    TWINS.products.decode(coded, numbers)
    return numbers


def test_texts_are_read_side_by_side_each_with_its_own_adapters(folders: dict[str, Path], kernels: Kernels) -> None:
    some, others = (Pair(folders["llama"], wanted).adapters for wanted in (Wanted(), Wanted(("v_proj",), (0,))))
    model = model_of(folders["llama"], kernels)
    alone = [read(model, adapters) for adapters in (None, some, others)]
    texts = [model.open(adapters) for adapters in (None, some, others)]
    for place, length in enumerate(range(11, len(TEXT) + 1)):
        for text, due in zip(texts, alone, strict=True):
            assert torch.equal(text.read(TEXT[:length]), due[place])
    assert not torch.allclose(alone[0][0], alone[1][0], atol=0.01)


def test_adapters_are_read_with_the_values_they_have_now(folders: dict[str, Path], kernels: Kernels) -> None:
    adapters = Pair(folders["qwen2"], Wanted()).adapters
    model = model_of(folders["qwen2"], kernels)
    text = model.open(adapters)
    with torch.no_grad():
        for parameter in adapters.parameters.values():
            parameter.zero_()
    assert torch.equal(text.read(TEXT), model.open().read(TEXT))
    assert torch.equal(text.read([*TEXT, 5]), read_on(model))


def read_on(model: ReadingModel) -> Tensor:
    text = model.open()
    text.read(TEXT)
    return text.read([*TEXT, 5])


def test_pieces_of_any_length_give_the_same(
    folders: dict[str, Path], kernels: Kernels, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of(folders["mistral"], kernels)
    due = model.open().read(TEXT)
    for length in (1, 3, 9, 39):
        monkeypatch.setattr(decode, "PIECE_TOKENS", length)
        text = model.open()
        while text.read_tokens < len(TEXT):
            logits = text.read(TEXT)
        assert torch.allclose(logits, due, atol=1e-4)


def test_a_text_outgrows_its_first_memory(folders: dict[str, Path], kernels: Kernels) -> None:
    model = model_of(folders["llama"], kernels)
    long = TEXT * 6
    text = model.open()
    assert text.context_tokens == len(long) + 16
    text.read(long[:100])
    text.cache.reserve(120)
    for length in range(101, len(long) + 1):
        logits = text.read(long[:length])
    assert torch.allclose(logits, model.open().read(long), atol=1e-4)


def test_numbers_that_are_none_are_not_hidden(folders: dict[str, Path], kernels: Kernels) -> None:
    model = model_of(folders["llama"], kernels)
    model.weights.layers[1].mlp_norm[3] = torch.nan
    assert all(logits.isnan().any() for logits in read(model)[:2])


@pytest.mark.parametrize("threads", [2, 3])
def test_the_number_of_threads_changes_no_bit(threads: int, folders: dict[str, Path], library: ctypes.CDLL) -> None:
    kernels = replace(TWINS, tokens=NativeTokens(library))
    model, adapters = model_of(folders["qwen3"], kernels), Pair(folders["qwen3"], Wanted()).adapters
    due = read(model, adapters, by_one_from=1)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        assert all(map(torch.equal, read(model, adapters, by_one_from=1), due))
    finally:
        torch.set_num_threads(before)
