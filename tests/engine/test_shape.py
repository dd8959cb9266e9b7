"""What the fast path makes of a config.json, held against the modules that transformers builds from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import KINDS as TINY
from workbench.engine.shape_reading import KINDS, read_shape, shape_of
from workbench.errors import ModelError

_SIZES = TINY["llama"] | {"head_dim": 32, "vocab_size": 100, "num_hidden_layers": 5, "max_position_embeddings": 4096}


_STRETCHES: dict[str, dict[str, Any]] = {
    "default": {"rope_theta": 5e5},
    "linear": {"factor": 4.0, "rope_theta": 1e4},
    "llama3": {
        **{"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "rope_theta": 5e5},
        "original_max_position_embeddings": 256,
    },
    "yarn": {"factor": 16.0, "original_max_position_embeddings": 256, "rope_theta": 1e6},
}


def _write(folder: Path, model_type: str, **settings: Any) -> Path:
    (folder / "config.json").write_text(
        json.dumps({"model_type": model_type, **_SIZES, "pad_token_id": None, **settings})
    )
    return folder


def _built(folder: Path) -> Any:
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
    return model.eval()


@pytest.mark.parametrize("settings", [{}, {"attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True}])
@pytest.mark.parametrize("model_type", KINDS)
def test_sizes_and_parts_are_those_of_the_modules(tmp_path: Path, model_type: str, settings: dict[str, Any]) -> None:
    folder = _write(tmp_path, model_type, **settings)
    shape, model = read_shape(folder), _built(folder)
    layer = model.model.layers[0]
    modules = {name.rpartition(".")[2]: module for name, module in layer.named_modules() if name.endswith("_proj")}
    assert {role: shape.product(role) for role in modules} == {r: tuple(m.weight.shape) for r, m in modules.items()}
    assert shape.biased == {role for role, module in modules.items() if module.bias is not None}
    assert shape.tied == (model.lm_head.weight is model.model.embed_tokens.weight)
    assert shape.normed_heads == hasattr(layer.self_attn, "q_norm")
    assert shape.heads.scale == layer.self_attn.scaling
    assert (shape.vocabulary, len(shape.layers), shape.context) == (100, 5, 4096)
    assert shape.epsilon == layer.input_layernorm.variance_epsilon


@pytest.mark.parametrize("model_type", ["llama", "smollm3"])
@pytest.mark.parametrize("kind", _STRETCHES)
def test_rotations_are_those_of_transformers(tmp_path: Path, kind: str, model_type: str) -> None:
    folder = _write(tmp_path, model_type, rope_parameters={"rope_type": kind, **_STRETCHES[kind]})
    rope = read_shape(folder).ropes[0]
    turned = _built(folder).model.rotary_emb
    assert rope.frequencies == pytest.approx(turned.inv_freq.tolist(), rel=1e-6)
    assert rope.factor == pytest.approx(turned.attention_scaling, rel=1e-12)


@pytest.mark.parametrize(
    "settings",
    [
        {"rope_theta": 7e4},
        {"rope_theta": 7e4, "rope_scaling": None},
        {"rope_theta": 7e4, "rope_scaling": {"type": "linear", "factor": 3.0}},
        {"rope_theta": 7e4, "rope_scaling": {"type": "yarn", "factor": 4.0, "beta_fast": 16, "truncate": False}},
        {"rope_scaling": {"rope_type": "yarn", "factor": 4.0, "mscale": 1.0, "mscale_all_dim": 0.7}},
        {"rope_scaling": {"rope_type": "yarn", "factor": 4.0, "attention_factor": 1.5}},
        {"rope_parameters": {"rope_type": "yarn", "factor": 2.0}, "original_max_position_embeddings": 1024},
        {"rope_parameters": {"rope_type": "default", "rope_theta": 9e4}, "partial_rotary_factor": 0.5},
        {},
    ],
    ids=str,
)
@pytest.mark.parametrize("model_type", ["llama", "smollm3"])
def test_rotations_are_read_from_old_configs(tmp_path: Path, model_type: str, settings: dict[str, Any]) -> None:
    folder = _write(tmp_path, model_type, **settings)
    rope, turned = read_shape(folder).ropes[0], _built(folder).model.rotary_emb
    assert rope.frequencies == pytest.approx(turned.inv_freq.tolist(), rel=1e-6)
    assert rope.factor == pytest.approx(turned.attention_scaling, rel=1e-12)


@pytest.mark.parametrize(
    ("model_type", "settings"),
    [
        ("llama", {"sliding_window": 8}),
        ("mistral", {"sliding_window": 8}),
        ("mistral", {"sliding_window": None}),
        ("ministral", {"sliding_window": 8}),
        (
            "ministral",
            {"sliding_window": 8, "layer_types": ["sliding_attention", "full_attention"] * 2 + ["full_attention"]},
        ),
        ("qwen2", {"sliding_window": 8}),
        ("qwen2", {"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 2}),
        ("qwen3", {"sliding_window": 8, "use_sliding_window": True, "max_window_layers": 3}),
        ("smollm3", {"no_rope_layer_interval": 2}),
        ("smollm3", {"no_rope_layers": [1, 0, 1, 0, 0], "use_sliding_window": True, "sliding_window": 8}),
    ],
    ids=str,
)
def test_windows_are_those_of_transformers(tmp_path: Path, model_type: str, settings: dict[str, Any]) -> None:
    folder = _write(tmp_path, model_type, **settings)
    shape, model = read_shape(folder), _built(folder)
    seen = [_window(model, layer.self_attn) for layer in model.model.layers]
    assert [layer.window for layer in shape.layers] == seen
    turned = [bool(getattr(layer.self_attn, "use_rope", True)) for layer in model.model.layers]
    assert [layer.rope is not None for layer in shape.layers] == turned


def _window(model: Any, attention: Any) -> int:
    of_all = model.config.sliding_window if model.config.model_type == "mistral" else 0
    return getattr(attention, "sliding_window", of_all) or 0


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"model_type": "gpt2"}, "gpt2"),
        ({"model_type": "gemma2"}, "gemma2"),
        ({"head_dim": 24}, "24"),
        ({"hidden_act": "relu"}, "relu"),
        ({"attention_dropout": 0.1}, "attention_dropout"),
        ({"rope_scaling": {"rope_type": "longrope"}}, "longrope"),
        ({"rope_scaling": {"rope_type": "dynamic", "factor": 2.0}}, "dynamic"),
        ({"rope_scaling": {"type": "linear", "factor": "x"}}, "factor"),
        ({"rope_scaling": {"type": "linear", "factor": 2.0}, "partial_rotary_factor": 0.5}, "partial_rotary_factor"),
        ({"rope_parameters": {"full_attention": {"rope_type": "default"}}}, "rope_parameters"),
        ({"rope_scaling": {"type": "llama3", "factor": 8.0}}, "rope_parameters"),
        ({"num_hidden_layers": 10**6}, "1,000,000"),
        ({"intermediate_size": None}, "intermediate_size"),
        ({"rms_norm_eps": "small"}, "rms_norm_eps"),
        ({"model_type": "qwen3", "layer_types": ["chunked_attention"] * 5}, "layer_types"),
        ({"model_type": "smollm3", "no_rope_layers": [1]}, "no_rope_layers"),
        ({"num_attention_heads": 3}, "3"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_named(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ModelError, match=named):
        shape_of({"model_type": "llama", **_SIZES, **settings})


@pytest.mark.parametrize("model_type", sorted(KINDS.keys() - {"ministral"}))  # transformers needs its head_dim
def test_what_a_config_leaves_out_is_what_transformers_takes(tmp_path: Path, model_type: str) -> None:
    stated = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    config = {name: _SIZES[name] for name in (*stated, "num_key_value_heads", "max_position_embeddings")}
    (tmp_path / "config.json").write_text(json.dumps({"model_type": model_type, **config, "pad_token_id": None}))
    shape, built = read_shape(tmp_path), _built(tmp_path)
    assert shape.heads.width == built.model.layers[0].self_attn.head_dim
    assert shape.tied == (built.lm_head.weight is built.model.embed_tokens.weight)
    assert shape.epsilon == built.model.norm.variance_epsilon
    assert shape.ropes[0].frequencies == pytest.approx(built.model.rotary_emb.inv_freq.tolist(), rel=1e-6)
