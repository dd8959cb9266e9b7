"""Runs that train the model's own weights: broken off, gone on from, and damaged behind the workbench's back."""

import hashlib
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.faults.test_corruption import HARMS, Harm
from tests.training.in_process import create, losses, train, train_and_stop
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.methods.changed_weights import ABOUT, WEIGHTS
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import launch, plan, worker
from workbench.training.checkpoints import damage, publish

pytestmark = pytest.mark.slow


@pytest.fixture
def last_layer(config: RunConfig) -> RunConfig:
    settings = {"method.name": "last_layers", "method.trained_layers": 1, "training.learning_rate": 1e-3}
    return build(settings, config)


def weights(run: RunDir) -> Path:
    return run.path / "weights" / WEIGHTS


def digest(run: RunDir) -> str:
    return hashlib.sha256(weights(run).read_bytes()).hexdigest()


def further(config: RunConfig, root: Path) -> RunDir:
    return launch.create(plan.make(config.changed("model.adapter", "parent"), root), "child")


def test_a_stopped_run_leaves_its_weights_and_goes_on_to_the_same_bytes(last_layer: RunConfig, root: Path) -> None:
    whole = train(create(last_layer, root, "whole"))
    part = train_and_stop(create(last_layer, root, "part"), 5)
    assert part.has_adapter() and digest(part) != digest(whole)
    assert sorted(path.name for path in (part.checkpoints_dir / "step-5").glob("*.safetensors")) == [
        "optimizer.safetensors",
        "random.safetensors",
        WEIGHTS,
    ]
    part.prepare_attempt()
    assert (digest(train(part)), losses(part)) == (digest(whole), losses(whole))
    assert damage(part.adapter_dir) is None


def test_another_run_begins_where_it_ended(last_layer: RunConfig, root: Path) -> None:
    parent = train(create(last_layer, root, "parent"))
    child = train(further(last_layer.changed("training.learning_rate", 1e-7), root))
    first, last = (Metrics(run.metrics_path).poll().evaluations for run in (child, parent))
    assert first[0]["eval_loss"] == last[-1]["eval_loss"] != last[0]["eval_loss"]
    assert sorted(path.name for path in child.start_dir.glob("weights*")) == [ABOUT, WEIGHTS]


@pytest.mark.parametrize("harm", HARMS)
def test_damaged_weights_are_refused_by_name(last_layer: RunConfig, root: Path, harm: Harm) -> None:
    parent = train(create(last_layer, root, "parent"))
    harm(weights(parent))
    with pytest.raises(RunError, match=rf"The adapter of parent is damaged \({WEIGHTS}\)"):
        further(last_layer, root)


def test_weights_that_are_no_numbers_are_refused(last_layer: RunConfig, root: Path) -> None:
    """Whole by their checksums."""
    parent = train(create(last_layer, root, "parent"))
    tensors = load_file(weights(parent)) | {"model.norm.weight": torch.full((64,), torch.nan)}

    def write(folder: Path) -> None:
        save_file(tensors, folder / WEIGHTS)
        (folder / ABOUT).write_bytes((parent.adapter_dir / ABOUT).read_bytes())

    publish(parent.adapter_dir, write)
    child = further(last_layer, root)
    assert worker.main(str(child.path)) == 1
    assert "model.norm.weight holds values that are no numbers" in child.stored_status().message


def test_16_bit_weights_are_trained_packed_checked_and_asked(last_layer: RunConfig, root: Path) -> None:
    """Frozen ones and trained ones are of two kinds then."""
    config = build({"model.precision": "bf16", "training.batching": "packed", "training.eval_every": 3}, last_layer)
    run = train(create(config, root))
    assert min(losses(run)[1:]) < losses(run)[0]
    assert {tensor.dtype for tensor in load_file(weights(run)).values()} == {torch.float32}
