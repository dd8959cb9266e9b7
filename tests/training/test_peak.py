"""What a run really takes of memory, beside its plan."""

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.config.build import build
from workbench.training import launch, plan

_TOO_LOW, _TOO_HIGH = -0.08, 0.20

_CASES: dict[str, dict[str, Any]] = {
    "fast": {"hardware.engine": "fast", "model.precision": "fp32"},
    "fast, 4 bits": {"hardware.engine": "fast", "model.quantization": "nf4"},
    "standard": {"hardware.engine": "standard", "model.precision": "fp32"},
    "standard, 16 bits": {"hardware.engine": "standard", "model.precision": "bf16"},
    "standard, 4 bits, checkpointing": {
        "hardware.engine": "standard",
        "model.quantization": "nf4",
        "training.gradient_checkpointing": True,
    },
    "full": {"method.name": "full"},
}


@pytest.fixture
def long_rows(tmp_path: Path) -> Path:
    """Examples that are longer than they may be."""
    rows = ({"prompt": f"Count to {n}", "response": " ".join(map(str, range(n, n + 600)))} for n in range(48))
    path = tmp_path / "long.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("settings", _CASES.values(), ids=_CASES)
def test_the_plan_is_right_within_bounds(settings: dict[str, Any], long_rows: Path, root: Path) -> None:
    common = {
        "model.path": "starter",
        "data.path": str(long_rows),
        "data.max_length": 512,
        "data.over_long": "cut_end",
        "data.eval_share": 0.0,
        "evaluation.watched_prompts": 0,
        "training.batch_size": 8,
        "training.micro_batch_size": 8,
        "training.max_steps": 4,
        "hardware.priority": "normal",
    }
    planned = plan.make(build(common | settings), root)
    run = launch.start(planned, "peak")
    assert run.wait().phase == "finished", run.log_tail()
    ended = run.exit()
    assert ended and ended.peak_gb
    error = planned.ram_gb / ended.peak_gb - 1
    assert _TOO_LOW < error < _TOO_HIGH, f"{planned.ram_gb:.3f} GB planned, {ended.peak_gb:.3f} GB taken"
