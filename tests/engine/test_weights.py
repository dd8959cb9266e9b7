"""The weights that the fast path reads, held against the modules of the same folder in transformers."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.tiny import KINDS as TINY
from tests.tiny import make_model
from workbench.engine.quantizing import Quantizer
from workbench.engine.shape import FUSED
from workbench.engine.shape_reading import KINDS, read_shape
from workbench.engine.twins.products import TorchProducts
from workbench.engine.weight_reading import read_weights
from workbench.engine.weights import Weights
from workbench.errors import ModelError
from workbench.models.load import DTYPES, load_model
from workbench.models.quantization import Quantization


def _make(folder: Path, model_type: str = "llama", **settings: Any) -> Any:
    """Save a model with biases and norms as random as its other weights; every kind has its own."""
    from transformers import AutoConfig, AutoModelForCausalLM

    sizes = {**TINY["llama"], "head_dim": 32, "vocab_size": 100, "pad_token_id": None}
    config = AutoConfig.for_model(model_type, **sizes, **settings)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = AutoModelForCausalLM.from_config(config, dtype=settings.get("dtype", torch.float32))
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter)
    model.save_pretrained(folder)
    return model.eval()


def _read(folder: Path, dtype: torch.dtype = torch.float32, **asked: Any) -> Weights:
    return read_weights(folder, read_shape(folder), dtype, **asked)


def _module(model: Any, layer: int, role: str) -> Any:
    return model.get_submodule(f"model.layers.{layer}.{role}")


@pytest.mark.parametrize("model_type", KINDS)
def test_a_fused_product_gives_what_its_modules_give(tmp_path: Path, model_type: str) -> None:
    biases = {"attention_bias": True, "mlp_bias": True} if model_type in ("llama", "smollm3") else {}
    model, weights = _make(tmp_path, model_type, **biases), _read(tmp_path)
    for number, layer in enumerate(weights.layers):
        for fused, roles in FUSED.items():
            modules = [_module(model, number, role) for role in roles]
            weight = layer.products[fused]
            assert isinstance(weight, Tensor)
            x = torch.randn(3, weight.shape[1])
            expected = torch.cat([module(x) for module in modules], 1)
            bias = layer.biases.get(fused)
            assert (bias is not None) == (modules[0].bias is not None)
            torch.testing.assert_close(torch.nn.functional.linear(x, weight, bias), expected)


@pytest.mark.parametrize("model_type", ["llama", "qwen3"])
def test_what_is_not_fused_is_the_same(tmp_path: Path, model_type: str) -> None:
    model, weights = _make(tmp_path, model_type, tie_word_embeddings=False), _read(tmp_path)
    inner, layer = model.model, weights.layers[1]
    pairs = [
        (weights.embedding, inner.embed_tokens),
        (weights.head, model.lm_head),
        (weights.norm, inner.norm),
        (layer.attention_norm, inner.layers[1].input_layernorm),
        (layer.mlp_norm, inner.layers[1].post_attention_layernorm),
    ]
    if model_type == "qwen3":
        assert layer.query_norm is not None and layer.key_norm is not None
        attention = inner.layers[1].self_attn
        pairs += [(layer.query_norm, attention.q_norm), (layer.key_norm, attention.k_norm)]
    for read, module in pairs:
        assert torch.equal(read, module.weight)


def test_a_tied_head_is_the_embedding_and_takes_no_memory_of_its_own(tmp_path: Path) -> None:
    _make(tmp_path, tie_word_embeddings=True)
    weights = _read(tmp_path)
    assert weights.head is weights.embedding
    assert weights.shape.tied


@pytest.mark.parametrize(("changed", "tied"), [(0.0, True), (1.0, False)])
def test_an_output_layer_that_is_stored_all_the_same_is_used_where_it_differs(
    tmp_path: Path, changed: float, tied: bool
) -> None:
    from transformers import AutoModelForCausalLM

    _make(tmp_path, tie_word_embeddings=False)
    _change(tmp_path, tied_head=changed)
    _set_config(tmp_path, tie_word_embeddings=True)
    weights, model = _read(tmp_path), AutoModelForCausalLM.from_pretrained(tmp_path)
    assert weights.shape.tied == tied == (weights.head is weights.embedding)
    assert torch.equal(weights.head, model.lm_head.weight)


def _stored(folder: Path) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "model.safetensors")


def _store(folder: Path, tensors: dict[str, Tensor]) -> None:
    from safetensors.torch import save_file

    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


def _change(folder: Path, tied_head: float) -> None:
    tensors = _stored(folder)
    _store(folder, tensors | {"lm_head.weight": tensors["model.embed_tokens.weight"] + tied_head})


def _set_config(folder: Path, **settings: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))


def test_columns_for_adapters_are_at_the_right_and_zero(tmp_path: Path) -> None:
    _make(tmp_path)
    plain = _read(tmp_path)
    wide = _read(tmp_path, extra=lambda layer, fused: 16 if (layer, fused) == (1, "qkv") else 0)
    for number in (0, 1):
        for fused in FUSED:
            before, after = plain.layers[number].products[fused], wide.layers[number].products[fused]
            assert isinstance(before, Tensor) and isinstance(after, Tensor)
            columns = before.shape[1]
            assert after.shape[1] - columns == (16 if (number, fused) == (1, "qkv") else 0)
            assert torch.equal(after[:, :columns], before)
            assert not after[:, columns:].any()


def test_weights_in_several_files_are_the_same(tmp_path: Path) -> None:
    model = _make(tmp_path / "one")
    model.save_pretrained(tmp_path / "many", max_shard_size="50KB")
    assert len(list((tmp_path / "many").glob("*.safetensors"))) > 2
    one, many = _read(tmp_path / "one"), _read(tmp_path / "many")
    for a, b in zip(one.layers, many.layers, strict=True):
        assert all(torch.equal(a.products[fused], b.products[fused]) for fused in FUSED)  # type: ignore[arg-type]
    assert torch.equal(one.head, many.head)


def test_names_without_their_first_part_are_understood(tmp_path: Path) -> None:
    _make(tmp_path, tie_word_embeddings=True)
    whole = _read(tmp_path)
    _store(tmp_path, {name.removeprefix("model."): tensor for name, tensor in _stored(tmp_path).items()})
    assert torch.equal(_read(tmp_path).embedding, whole.embedding)


@pytest.mark.parametrize("stored", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_numbers_are_rounded_as_transformers_rounds_them(
    tmp_path: Path, stored: torch.dtype, dtype: torch.dtype
) -> None:
    from transformers import AutoModelForCausalLM

    _make(tmp_path, dtype=stored)
    model = AutoModelForCausalLM.from_pretrained(tmp_path, dtype=dtype)
    weights = _read(tmp_path, dtype)
    down = weights.layers[0].products["down"]
    assert isinstance(down, Tensor)
    assert torch.equal(down, _module(model, 0, "mlp.down_proj").weight)
    assert weights.norm.dtype == torch.float32
    torch.testing.assert_close(weights.norm.to(dtype), model.model.norm.weight)


def _drop(tensors: dict[str, Tensor], name: str) -> None:
    del tensors[name]


def _cut(tensors: dict[str, Tensor], name: str) -> None:
    tensors[name] = tensors[name][:-1].clone()


def _spoil(tensors: dict[str, Tensor], name: str) -> None:
    tensors[name].view(-1)[5] = float("nan")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [(_drop, "lacks 1 weights"), (_cut, "is 63 × 128, not 64 × 128"), (_spoil, "not all numbers of .* are finite")],
)
def test_damage_is_refused_as_on_the_standard_path(tmp_path: Path, spoil: Any, told: str) -> None:
    _make(tmp_path)
    tensors = _stored(tmp_path)
    spoil(tensors, "model.layers.1.mlp.down_proj.weight")
    _store(tmp_path, tensors)
    with pytest.raises(ModelError, match=told):
        _read(tmp_path)


def test_numbers_in_an_unknown_form_are_refused(tmp_path: Path) -> None:
    _make(tmp_path)
    _store(tmp_path, {name: tensor.to(torch.float8_e4m3fn) for name, tensor in _stored(tmp_path).items()})
    with pytest.raises(ModelError, match="form that cannot be computed in"):
        _read(tmp_path)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize(
    "kind",
    [*map(Quantization, ("nf4", "fp4", "int8")), Quantization("nf4", double=False, block_size=128)],
    ids=["nf4", "fp4", "int8", "nf4 in blocks of 128"],
)
def test_codes_are_those_of_the_standard_path(tmp_path: Path, kind: Quantization, precision: str) -> None:
    make_model(tmp_path, tied=False)
    model = load_model(tmp_path, precision, "cpu", kind)
    weights = _read(tmp_path, DTYPES[precision], quantizer=Quantizer(kind, TorchProducts()))
    for fused, roles in FUSED.items():
        for coded, role in zip(weights.layers[1].products[fused], roles, strict=True):
            theirs = _module(model, 1, role)
            if kind.kind == "int8":
                assert torch.equal(coded.codes, theirs.weight.data)
                continue
            state = theirs.weight.quant_state
            assert torch.equal(coded.codes, theirs.weight.data.view(-1))
            assert torch.equal(coded.scales, state.absmax)
            assert (coded.nested is not None) == kind.double
    assert torch.equal(weights.head, model.lm_head.weight)
