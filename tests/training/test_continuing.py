"""A run goes on only as it began, and says so where the result may differ."""

import hashlib
import json
from pathlib import Path

import pytest
import torch

from tests.training.in_process import create, train, train_and_stop
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir
from workbench.training import launch, worker


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


@pytest.fixture
def stopped(config: RunConfig, root: Path) -> RunDir:
    """A run that was stopped at step 5."""
    return train_and_stop(create(config, root, "stopped"), 5)


def test_a_checkpoint_of_an_earlier_version_is_refused_in_words(stopped: RunDir) -> None:
    checkpoint = stopped.checkpoints_dir / "step-5"
    manifest = json.loads((checkpoint / "MANIFEST.json").read_text())
    del manifest["files"]["trained.safetensors"]
    (checkpoint / "trained.safetensors").unlink()
    (checkpoint / "MANIFEST.json").write_text(json.dumps(manifest))
    stopped.prepare_attempt()
    assert worker.main(str(stopped.path)) == 1
    assert "step-5 was saved by an earlier version" in stopped.stored_status().message


def test_changed_settings_are_refused_by_name(stopped: RunDir) -> None:
    text = stopped.config_path.read_text(encoding="utf-8")
    assert text.count("learning_rate: 0.005") == 1
    stopped.config_path.write_text(text.replace("learning_rate: 0.005", "learning_rate: 0.05"), encoding="utf-8")
    with pytest.raises(RunError, match=r"\(learning rate\): 0\.005 → 0\.05\."):
        launch.resume(stopped)
    assert stopped.stored_status().phase == "stopped"
    stopped.prepare_attempt()
    assert worker.main(str(stopped.path)) == 1
    assert "0.005 → 0.05" in stopped.stored_status().message


def test_other_threads_and_versions_work_and_are_told(config: RunConfig, root: Path, stopped: RunDir) -> None:
    text = stopped.config_path.read_text(encoding="utf-8")
    stopped.config_path.write_text(text.replace("threads: 1", "threads: 2"), encoding="utf-8")
    record = json.loads(stopped.environment_path.read_text(encoding="utf-8"))
    record["packages"]["torch"] = "1.0"
    stopped.environment_path.write_text(json.dumps(record), encoding="utf-8")
    stopped.prepare_attempt()
    try:
        status = train(stopped).stored_status()
    finally:
        torch.set_num_threads(1)
    assert status.phase == "finished"
    assert "threads 1 → 2, torch 1.0 → " in status.message and "not bit-identical" in status.message


def test_the_same_machine_is_not_mentioned(config: RunConfig, root: Path, stopped: RunDir) -> None:
    stopped.prepare_attempt()
    assert train(stopped).stored_status().message == ""
    assert digest(stopped) == digest(train(create(config, root, "whole")))
