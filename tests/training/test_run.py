"""Training a tiny model for real: what changes, what stays, what a resume gives."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from tests.tiny import make_model
from tests.training.in_process import create, losses, train, train_and_stop
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError
from workbench.models.load import load_model
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import launch, loop, plan, worker
from workbench.training.checks import find_problems


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


def test_a_run_leaves_everything_in_its_folder(config: RunConfig, root: Path, tiny_model: Path) -> None:
    weights_before = (tiny_model / "model.safetensors").read_bytes()
    run = train(create(config, root))
    assert run.stored_status().phase == "finished"
    rows = losses(run)
    assert len(rows) == 12
    assert rows[-1] < rows[0]
    assert [row["step"] for row in Metrics(run.metrics_path).poll().evaluations] == [0, 4, 8, 12]
    samples = [json.loads(line) for line in run.samples_path.read_text().splitlines()]
    assert [sample["step"] for sample in samples] == [0, 4, 8, 12]
    assert sorted(path.name for path in run.checkpoints_dir.iterdir()) == ["step-12", "step-9"]
    summary = json.loads((run.data_dir / "summary.json").read_text())
    assert (summary["training"], summary["held_out"], summary["rejected"]) == (22, 2, 0)
    assert json.loads(run.environment_path.read_text())["model"]["fingerprint"]
    assert (tiny_model / "model.safetensors").read_bytes() == weights_before


def test_the_adapter_loads_in_stock_peft_and_changes_the_model(config: RunConfig, root: Path, tiny_model: Path) -> None:
    run = train(create(config, root))
    ids = torch.tensor([[5, 6, 7, 8]])
    base = load_model(tiny_model, "fp32", "cpu").eval()
    with torch.no_grad():
        before = base(ids).logits
        tuned = PeftModel.from_pretrained(base, str(run.adapter_dir)).eval()
        after = tuned(ids).logits
        with tuned.disable_adapter():
            assert torch.equal(tuned(ids).logits, before)
        merged = tuned.merge_and_unload()(ids).logits
    assert not torch.allclose(before, after, atol=1e-3)
    assert torch.allclose(merged, after, atol=1e-4)


def test_only_the_adapter_is_trained(config: RunConfig, root: Path) -> None:
    run = train(create(config, root))
    tensors = load_file(run.adapter_dir / "adapter_model.safetensors")
    assert tensors
    assert all("lora_A" in name or "lora_B" in name for name in tensors)
    assert all(bool(tensor.any()) for name, tensor in tensors.items() if "lora_B" in name)


def test_resume_from_a_checkpoint_gives_the_same_bytes(config: RunConfig, root: Path) -> None:
    """One case of those in tests/faults, which tries every step and setting."""
    config = config.changed("method.dropout", 0.2).changed("training.batching", "grouped")
    config = config.changed("training.save_every", 1).changed("training.keep_checkpoints", 100)
    whole = train(create(config, root, "whole"))
    for step in (1, 7):
        part = create(config, root, f"part-{step}")
        _copy_up_to(whole, part, step)
        train(part)
        assert digest(part) == digest(whole), f"resumed at {step}"
        assert losses(part) == losses(whole)[step:]


def _copy_up_to(whole: RunDir, part: RunDir, step: int) -> None:
    """Make `part` look as if it had been killed after its checkpoint at `step`."""
    shutil.copytree(whole.checkpoints_dir / f"step-{step}", part.checkpoints_dir / f"step-{step}")


@pytest.mark.slow
@pytest.mark.parametrize("batching", ["padded", "grouped", "packed"])
def test_split_into_micro_batches_the_result_is_the_same(config: RunConfig, root: Path, batching: str) -> None:
    config = config.changed("training.batching", batching)
    whole = train(create(config.changed("training.micro_batch_size", 4), root, "whole"))
    split = train(create(config.changed("training.micro_batch_size", 1), root, "split"))
    assert losses(split) == pytest.approx(losses(whole), rel=1e-4)


@pytest.mark.slow
def test_packed_learns_what_padded_learns_and_grouped_learns_in_other_batches(config: RunConfig, root: Path) -> None:
    padded, packed, grouped = (
        losses(train(create(config.changed("training.batching", batching), root, batching)))
        for batching in ("padded", "packed", "grouped")
    )
    assert packed == pytest.approx(padded, rel=1e-4)
    assert len(grouped) == len(padded) and grouped != pytest.approx(padded, rel=1e-3)


@pytest.mark.slow
def test_gradient_checkpointing_changes_nothing_but_memory(config: RunConfig, root: Path) -> None:
    plain = train(create(config, root, "plain"))
    saving = train(create(config.changed("training.gradient_checkpointing", True), root, "saving"))
    assert losses(saving) == pytest.approx(losses(plain), rel=1e-5)


def test_a_stop_saves_and_can_be_resumed(config: RunConfig, root: Path) -> None:
    whole = train(create(config, root, "whole"))
    run = train_and_stop(create(config, root, "stopped"), 5)
    status = run.stored_status()
    assert (status.phase, status.step) == ("stopped", 5)
    assert (run.checkpoints_dir / "step-5").exists()
    assert run.has_adapter()
    run.prepare_attempt()
    train(run)
    assert digest(run) == digest(whole)
    assert losses(run) == losses(whole)


def test_a_run_does_not_go_on_with_another_model(config: RunConfig, root: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(config.model.path, tmp_path / "model"))
    run = train(create(config.changed("model.path", str(folder)), root))
    make_model(folder, seed=1)
    assert worker.main(str(run.path)) == 1
    assert "has changed since" in run.stored_status().message


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_the_last_checkpoint(config: RunConfig, root: Path) -> None:
    run = create(config.changed("training.learning_rate", 1.0).changed("training.max_grad_norm", 0.0), root)
    original = loop.Loop._update

    def break_down(self: loop.Loop) -> None:
        if self.progress.step == 7:
            parameter = next(iter(self._task.trained.learner.parameters.values()))
            parameter.data.fill_(float("nan"))
        original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop.Loop, "_update", break_down)
        assert worker.main(str(run.path)) == 1
    status = run.stored_status()
    assert status.phase == "failed"
    assert "no longer a number at update 8" in status.message
    assert (run.checkpoints_dir / "step-6").exists()


def test_a_problem_stops_the_start_and_leaves_nothing_behind(config: RunConfig, root: Path) -> None:
    planned = plan.make(config.changed("method.target_modules", "q_prj"), root)
    assert find_problems(planned)[0].level == "error"
    with pytest.raises(SettingError):
        launch.start(planned, "bad")
    assert not (root / "runs").exists()
