"""The starter model as it ships: small, of a shape that other runtimes take, and as good as its card says."""

import json
import re
from pathlib import Path

import pytest
from safetensors import safe_open
from transformers import AutoTokenizer

from starter.evaluation import evaluate

MODEL = Path(__file__).resolve().parents[2] / "presets" / "model"


@pytest.fixture(scope="module")
def config() -> dict[str, object]:
    return json.loads((MODEL / "config.json").read_text(encoding="utf-8"))


def test_weights_are_small_and_bf16() -> None:
    path = MODEL / "model.safetensors"
    assert path.stat().st_size <= 16_000_000
    with safe_open(path, framework="pt") as weights:
        assert {weights.get_slice(name).get_dtype() for name in weights.keys()} == {"BF16"}  # noqa: SIM118


def test_shape_fits_every_block_format(config: dict[str, object]) -> None:
    assert config["model_type"] == "llama"
    assert config["head_dim"] == 64
    for width in ("hidden_size", "intermediate_size", "vocab_size"):
        assert int(str(config[width])) % 256 == 0


def test_turn_end_ends_an_answer(config: dict[str, object]) -> None:
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    assert config["eos_token_id"] == tokenizer.eos_token_id != tokenizer.pad_token_id
    assert tokenizer.convert_tokens_to_ids("<|im_end|>") == tokenizer.eos_token_id


@pytest.mark.slow
def test_examination() -> None:
    result = evaluate(MODEL)
    assert result.acceptable >= 0.8
    assert result.shuffled <= 0.2
    stated = re.search(r"\*\*([\d.]+)% are acceptable", (MODEL / "README.md").read_text(encoding="utf-8"))
    assert stated is not None
    assert result.acceptable * 100 == pytest.approx(float(stated[1]), abs=2)
