"""What the fast path covers, and what it says of the rest."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.config.build import build
from workbench.engine.coverage import why_not
from workbench.hardware.devices import machine
from workbench.models.facts import ModelFacts

_HERE = replace(machine(), gpu=None)
_PLAIN = {"model.precision": "bf16"}

_CONFIG = {
    "model_type": "llama",
    **{"vocab_size": 100, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2},
    **{"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 256},
}


def _facts(folder: Path, dtype: str = "bf16", **config: Any) -> ModelFacts:
    (folder / "config.json").write_text(json.dumps(_CONFIG | config))
    return ModelFacts(name="small", path=folder, dtype=dtype)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"model.precision": "fp32"},
        *({"model.quantization": kind} for kind in ("auto", "nf4", "fp4", "int8")),
        {"method.rank": 64, "method.rank_pattern": "attention 16", "method.use_rslora": True},
        {"method.target_modules": "q_proj, v_proj", "method.layers": "last 1"},
        {"method.dropout": 0.1, "method.plus_ratio": 16},
        {"training.batching": "packed", "training.optimizer": "lion"},
        {"training.batching": "grouped"},
    ],
    ids=str,
)
def test_what_lora_is_asked_for_is_covered(tmp_path: Path, asked: dict[str, Any]) -> None:
    assert why_not(build(_PLAIN | asked), _facts(tmp_path), _HERE) is None


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"model.precision": "fp16"}, "fp16"),
        ({"method.name": "adalora"}, "adalora"),
        ({"method.name": "full"}, "full"),
        ({"method.init": "pissa"}, "pissa"),
        ({"method.name": "dora"}, "DoRA"),
        ({"method.modules_to_save": "lm_head"}, "lm_head"),
        ({"training.neftune_noise_alpha": 5}, "NEFTune"),
        ({"training.gradient_checkpointing": True}, "gradient checkpointing"),
        ({"training.batching": "padded"}, "batching"),
        ({"model.merged": "earlier-1"}, "merged"),
    ],
    ids=str,
)
def test_what_is_not_covered_is_named(tmp_path: Path, asked: dict[str, Any], told: str) -> None:
    reason = why_not(build(_PLAIN | asked), _facts(tmp_path), _HERE)
    assert reason and told in reason
    assert reason.endswith(".")


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ({"model_type": "gemma2"}, "gemma2"),
        ({"num_attention_heads": 8}, "8 numbers wide"),
        ({"rope_scaling": {"rope_type": "dynamic", "factor": 2.0}}, "dynamic"),
        ({"dtype": "f8_e4m3"}, "f8_e4m3"),
    ],
    ids=str,
)
def test_a_model_that_does_not_fit_is_named(tmp_path: Path, model: dict[str, Any], told: str) -> None:
    reason = why_not(build(_PLAIN), _facts(tmp_path, **model), _HERE)
    assert reason and told in reason


def test_a_gpu_is_used(tmp_path: Path) -> None:
    reason = why_not(build(_PLAIN), _facts(tmp_path), replace(_HERE, gpu="NVIDIA H200"))
    assert reason == "This computer has a NVIDIA H200, and the fast path is for processors."
