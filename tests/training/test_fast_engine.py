"""A run on the fast engine: the same settings, order of examples and files, and losses as near as rounding allows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from tests.training.in_process import create, losses, train, train_and_stop
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.jobs.environment import worker_environment
from workbench.jobs.files import read_json
from workbench.models.load import load_model
from workbench.runs.metrics import Metrics, Row
from workbench.runs.run_dir import RunDir
from workbench.training import dataset, launch, plan

_UNEVEN = {
    "method.dropout": 0.2,
    "method.plus_ratio": 4.0,
    "training.micro_batch_size": 3,
    "training.scheduler": "linear",
    "training.weight_decay": 0.01,
}


_UNTIL_THE_FIRST_UPDATE = """
import sys
from workbench.training import worker
from workbench.training.loop import Loop

record = Loop._record
def tell(self, *numbers):
    print("loaded:", *sorted({"torch", "transformers", "peft", "pandas", "torch._dynamo"} & sys.modules.keys()))
    record(self, *numbers)
Loop._record = tell
sys.exit(worker.main(sys.argv[1]))
"""


@pytest.fixture
def fast(config: RunConfig) -> RunConfig:
    return build({"hardware.engine": "fast", "model.precision": "fp32"}, config)


@pytest.fixture
def standard(fast: RunConfig) -> RunConfig:
    return fast.changed("hardware.engine", "standard")


def weights(run: RunDir) -> Path:
    return run.adapter_dir / "adapter_model.safetensors"


def test_without_a_compiler_it_is_slower_and_says_so(
    fast: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = create(fast.changed("training.max_steps", 2), tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "slowly than it could: This machine has no C compiler" in train(run).status().message
    assert len(losses(run)) == 2


def checks(run: RunDir) -> list[float]:
    return [row["eval_loss"] for row in Metrics(run.metrics_path).poll().evaluations]


def samples(run: RunDir) -> list[Row]:
    return [json.loads(line) for line in run.samples_path.read_text().splitlines()]


def test_a_run_is_that_of_the_standard_engine(fast: RunConfig, standard: RunConfig, root: Path) -> None:
    ours, theirs = (train(create(config, root, config.hardware.engine)) for config in (fast, standard))
    assert losses(ours) == pytest.approx(losses(theirs), abs=2e-4)
    assert checks(ours) == pytest.approx(checks(theirs), abs=2e-4)
    assert samples(ours) == samples(theirs)
    learned = load_file(weights(ours))
    for name, tensor in load_file(weights(theirs)).items():
        torch.testing.assert_close(learned[name], tensor, atol=2e-3, rtol=1e-2)
    assert read_json(ours.environment_path)["engine"] == "fast"


@pytest.mark.slow
def test_its_adapter_answers_in_stock_peft_as_it_did_in_training(fast: RunConfig, root: Path, tiny_model: Path) -> None:
    run = train(create(fast, root))
    model = PeftModel.from_pretrained(load_model(tiny_model, "fp32", "cpu"), str(run.adapter_dir)).eval()
    total, learned = 0.0, 0
    for row in dataset.load(run, run.config()).held_out:
        ids, labels = torch.tensor([row.input_ids]), torch.tensor([row.labels])
        with torch.no_grad():
            loss = model(input_ids=ids, labels=labels).loss
        learned += int((labels[:, 1:] >= 0).sum())
        total += float(loss) * int((labels[:, 1:] >= 0).sum())
    assert checks(run)[-1] == pytest.approx(total / learned, abs=1e-4)


@pytest.mark.parametrize("precision", [pytest.param("fp32", marks=pytest.mark.slow), "bf16"])
def test_a_stopped_run_goes_on_to_the_same_bytes(fast: RunConfig, root: Path, precision: str) -> None:
    asked = build(_UNEVEN | {"model.precision": precision}, fast)
    whole = train(create(asked, root, "whole"))
    part = train_and_stop(create(asked, root, "part"), 5)
    assert weights(part).read_bytes() != weights(whole).read_bytes()
    part.prepare_attempt()
    assert weights(train(part)).read_bytes() == weights(whole).read_bytes()
    assert losses(part) == losses(whole)


@pytest.mark.slow
def test_an_adapter_is_trained_further(fast: RunConfig, standard: RunConfig, root: Path) -> None:
    parent = train(create(standard, root, "parent"))
    further = build({"model.adapter": "parent", "training.learning_rate": 1e-7}, fast)
    child = train(launch.create(plan.make(further, root), "child"))
    assert checks(child)[0] == pytest.approx(checks(parent)[-1], abs=1e-4)


@pytest.mark.slow
def test_another_engine_goes_on_and_says_so(fast: RunConfig, root: Path) -> None:
    whole = train(create(fast, root, "whole"))
    part = train_and_stop(create(fast, root, "part"), 5)
    text = part.config_path.read_text()
    part.config_path.write_text(text.replace("engine: fast", "engine: standard"))
    part.prepare_attempt()
    assert "went on with engine fast → standard" in train(part).stored_status().message
    assert losses(part) == pytest.approx(losses(whole), abs=2e-4)


@pytest.mark.slow
def test_what_takes_seconds_to_come_up_is_not_waited_for(fast: RunConfig, root: Path) -> None:
    run = create(build({"training.max_steps": 1, "evaluation.watched_prompts": 0}, fast), root)
    worker = [sys.executable, "-c", _UNTIL_THE_FIRST_UPDATE, str(run.path)]
    said = subprocess.run(worker, env=worker_environment(), capture_output=True, text=True, check=True).stdout
    assert [line for line in said.splitlines() if line.startswith("loaded:")] == ["loaded: torch"]
