"""Each method and each optimizer through a whole run: it learns, and goes on exactly where it broke off."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.training.in_process import create, losses, train
from workbench.config.build import build
from workbench.config.optimizers import OPTIMIZERS
from workbench.config.run_config import RunConfig
from workbench.runs.run_dir import RunDir

_SETTINGS: dict[str, dict[str, Any]] = {
    "dora": {"method.rank": 4},
    "adalora": {"method.rank": 4, "training.learning_rate": 2e-2},
    "vera": {"method.projection_rank": 32, "training.learning_rate": 5e-2},
    "loha": {"method.rank": 4},
    "lokr": {"method.rank": 2},
    "oft": {"method.block_size": 16},
    "ia3": {},
    "bottleneck": {"method.reduction_factor": 8},
    "prefix_tuning": {"method.virtual_tokens": 4},
    "prompt_tuning": {"method.virtual_tokens": 4, "training.learning_rate": 0.1},
    "p_tuning": {"method.virtual_tokens": 4, "method.encoder_hidden_size": 32},
    "lora_prefix": {"method.rank": 4, "method.virtual_tokens": 4},
    "full": {"training.learning_rate": 1e-3},
    "last_layers": {"method.trained_layers": 1, "training.learning_rate": 1e-3},
    "norms": {"training.learning_rate": 1e-2},
}


_VARIANTS: dict[str, dict[str, Any]] = {
    "fp16": {"model.precision": "fp16", "method.dropout": 0.1},
    "plus": {"method.plus_ratio": 4.0, "training.learning_rate": 2e-3},
    "pissa": {"method.init": "pissa", "method.dropout": 0.1},
    "olora": {"method.init": "olora", "method.use_rslora": True, "training.learning_rate": 1e-3},
    "loftq": {"method.init": "loftq", "model.quantization": "nf4"},
    "ranks": {"method.rank_pattern": "attention 8, mlp 2", "method.layers": "last 1"},
    "whole": {"method.modules_to_save": "embed_tokens, lm_head", "method.plus_ratio": 2.0},
    "plus-8-bit": {"method.plus_ratio": 4.0, "method.rank": 64, "training.optimizer": "adamw_8bit"},
}
"""Of LoRA."""


def digest(run: RunDir) -> str:
    weights = sorted(run.adapter_dir.rglob("*.safetensors"))
    return " ".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in weights)


@pytest.mark.slow
@pytest.mark.parametrize("name", _SETTINGS)
def test_a_broken_run_of_any_method_goes_on_exactly(name: str, config: RunConfig, root: Path) -> None:
    check_resume(build({"method.name": name} | _SETTINGS[name], config), root)


@pytest.mark.slow
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_broken_run_with_any_optimizer_goes_on_exactly(name: str, config: RunConfig, root: Path) -> None:
    rate = float(config.training.learning_rate) * OPTIMIZERS[name].rate_times
    # Of few numbers bitsandbytes keeps whole moments, also where 8 bits are asked for.
    settings = {"method.rank": 64, "training.optimizer": name, "training.learning_rate": rate}
    check_resume(build(settings, config), root)


@pytest.mark.slow
@pytest.mark.parametrize("name", _VARIANTS)
def test_a_broken_run_of_any_kind_of_lora_goes_on_exactly(name: str, config: RunConfig, root: Path) -> None:
    check_resume(build(_VARIANTS[name], config), root)


def check_resume(config: RunConfig, root: Path) -> None:
    """A run that lost its last checkpoint and its adapter ends as it did before."""
    run = train(create(config.changed("training.eval_every", 100), root))
    assert min(losses(run)[1:]) < losses(run)[0]
    finished, rows = digest(run), losses(run)
    shutil.rmtree(run.checkpoints_dir / "step-12")
    shutil.rmtree(run.adapter_dir)
    train(run)
    assert (digest(run), losses(run)) == (finished, rows)
