"""What is foretold of a run's files, beside what then lies in its folder."""

from pathlib import Path
from typing import Any

import pytest

from tests.training.in_process import create, train
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.runs.disk import used_bytes
from workbench.runs.run_dir import RunDir
from workbench.training import checkpoints, plan

_CASES: dict[str, dict[str, Any]] = {
    "lora": {},
    "lora, 8 bit": {"method.rank": 32, "training.optimizer": "adamw_8bit"},
    "dora, lion": {"method.use_dora": True, "training.optimizer": "lion"},
    "pissa": {"method.init": "pissa"},
    "vera": {"method.name": "vera"},
    "bottleneck": {"method.name": "bottleneck"},
    "lora and prefix": {"method.name": "lora_prefix"},
    "last layers, sgd": {"method.name": "last_layers", "training.optimizer": "sgd"},
    "full, 8 bit": {"method.name": "full", "training.optimizer": "adamw_8bit"},
    "full, adafactor": {"method.name": "full", "training.optimizer": "adafactor"},
}


@pytest.fixture
def peak(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the folder of a run takes beside its rows each time that something more is about to get its name."""
    seen: list[int] = []
    original = checkpoints._swap_in

    def look(staging: Path, final: Path) -> None:
        run = RunDir(next(parent for parent in final.parents if (parent / "config.yaml").exists()))
        seen.append(used_bytes(run.path) - used_bytes(run.data_dir))
        original(staging, final)

    monkeypatch.setattr(checkpoints, "_swap_in", look)
    return seen


def test_a_small_run_takes_no_more_than_was_foretold(config: RunConfig, root: Path, peak: list[int]) -> None:
    planned = plan.make(config, root)
    run = train(create(config, root))
    real = used_bytes(run.checkpoints_dir / "step-12")
    assert real < planned.saved.checkpoint_bytes < 1.2 * real
    assert max(peak) < 1e9 * planned.disk_gb


@pytest.mark.slow
@pytest.mark.parametrize("settings", _CASES.values(), ids=_CASES)
def test_what_is_foretold_lies_in_the_folder(
    settings: dict[str, Any], config: RunConfig, root: Path, peak: list[int]
) -> None:
    usual = {
        "model.path": "starter",
        "training.max_steps": 6,
        "training.save_every": 2,
        "evaluation.watched_prompts": 0,
    }
    asked = build(usual | {"evaluation.watched_prompts": 0} | settings, config)
    planned = plan.make(asked, root)
    run = train(create(asked, root))
    saved = planned.saved
    assert saved.checkpoint_bytes == pytest.approx(used_bytes(run.checkpoints_dir / "step-6"), rel=0.03)
    result = max(used_bytes(run.path / name) for name in ("adapter", "weights"))
    assert saved.result_bytes == pytest.approx(result, rel=0.03)
    assert 0.7 * (1e9 * planned.disk_gb - 500_000) < max(peak) < 1e9 * planned.disk_gb
