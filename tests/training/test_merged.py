"""Training on top of a merged adapter: what is kept, what is trained, what is refused."""

import hashlib
import shutil
from pathlib import Path

import pytest
import torch
from peft import PeftModel

from tests.recorded_run import RecordedRun
from tests.training.foreign_adapter import write
from tests.training.in_process import train
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs.files import write_json
from workbench.models.fingerprint import fingerprint
from workbench.models.load import load_model
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import launch, lineage, merged, plan, worker
from workbench.training.checks import find_problems
from workbench.training.importing.keeping import import_adapter

_IDS = torch.tensor([[5, 6, 7, 8]])
_WEIGHTS = "adapter_model.safetensors"


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / _WEIGHTS).read_bytes()).hexdigest()


def checks(run: RunDir) -> list[float]:
    return [row["eval_loss"] for row in Metrics(run.metrics_path).poll().evaluations]


def create(config: RunConfig, root: Path, name: str) -> RunDir:
    return launch.create(plan.make(config, root), name)


def told(config: RunConfig, root: Path, level: str = "error") -> dict[str, str]:
    found = find_problems(plan.make(config, root))
    return {problem.setting: problem.sentence for problem in found if problem.level == level}


@pytest.fixture
def below(tiny_model: Path, root: Path, tmp_path: Path) -> RunDir:
    """A run to build on."""
    return import_adapter([write(tmp_path / "below")], str(tiny_model), root)


@pytest.fixture
def on_top(config: RunConfig) -> RunConfig:
    return build({"model.merged": "below", "method.rank": 4}, config)


@pytest.mark.slow
def test_a_new_adapter_begins_where_the_merged_one_ended(on_top: RunConfig, config: RunConfig, root: Path) -> None:
    below = train(create(config, root, "below"))
    run = train(create(on_top, root, "above"))
    first, last = checks(run)[0], checks(run)[-1]
    assert first == pytest.approx(checks(below)[-1], abs=1e-4)
    assert last < first < checks(below)[0]
    assert merged.merged_of(run)["id"] == "below"
    base = load_model(Path(on_top.model.path), "fp32", "cpu").eval()
    whole = PeftModel.from_pretrained(base, str(run.merged_dir)).merge_and_unload()
    alone = whole(_IDS).logits
    stacked = PeftModel.from_pretrained(whole, str(run.adapter_dir)).eval()(_IDS).logits
    assert not torch.allclose(stacked, alone, atol=0.05)


@pytest.mark.slow
def test_it_goes_on_exactly_and_needs_the_other_run_no_more(on_top: RunConfig, root: Path, below: RunDir) -> None:
    whole, part, early = (create(on_top, root, name) for name in ("whole", "part", "early"))
    shutil.rmtree(below.path)
    train(whole)
    shutil.copytree(whole.checkpoints_dir / "step-9", part.checkpoints_dir / "step-9")
    assert digest(train(part)) == digest(whole)
    (early.merged_dir / _WEIGHTS).write_bytes(b"")
    assert worker.main(str(early.path)) == 1
    assert _WEIGHTS in early.stored_status().message
    further = lineage.extend(whole)
    assert told(further, root) == {}
    child = create(further, root, "child")
    assert merged.merged_of(child) == merged.merged_of(whole)
    assert checks(train(child))[0] == checks(whole)[-1]


def test_what_merging_means_is_said_beforehand(on_top: RunConfig, root: Path, below: RunDir) -> None:
    assert told(on_top, root) == {}
    assert "on top of the adapter of below," in told(on_top, root, "note")["model.merged"]
    assert "rounded away" in told(build({"model.quantization": "nf4"}, on_top), root)["model.quantization"]
    bf16 = build({"model.precision": "bf16"}, on_top)
    assert "are rounded" in told(bf16, root, "note")["model.precision"]


def test_only_one_adapter_can_be_merged(on_top: RunConfig, config: RunConfig, root: Path, below: RunDir) -> None:
    """And a run that goes on from an adapter builds on what that was built on."""
    above = create(on_top, root, "above")
    above.adapter_dir.mkdir()
    above.write_status(below.status())
    shutil.copyfile(below.environment_path, above.environment_path)
    twice = build({"model.merged": "above"}, config)
    assert "built on the merged adapter of below, and only one can be" in told(twice, root)["model.merged"]
    further = build({"model.adapter": "above", "method.rank": 4}, config)
    assert "was built on the merged adapter of below. Choose below here" in told(further, root)["model.merged"]
    other = build({"model.adapter": "below", "model.merged": "below"}, config)
    assert "was built on the model alone. Choose none here" in told(other, root)["model.merged"]
    shutil.rmtree(below.path)
    assert told(on_top, root)["model.merged"].startswith("There is no run below.")


def test_words_before_the_text_cannot_be_merged(config: RunConfig, root: Path, tiny_model: Path) -> None:
    run = RecordedRun(root, "words", model__path=str(tiny_model), method__name="prompt_tuning").finish().dir
    run.adapter_dir.mkdir(exist_ok=True)
    write_json(run.environment_path, {"model": {"fingerprint": fingerprint(tiny_model)}})
    words = config.changed("model.merged", "words")
    assert "The result of Prompt tuning cannot be merged into the model." in told(words, root)["model.merged"]


def test_a_damaged_adapter_is_not_taken(on_top: RunConfig, root: Path, below: RunDir) -> None:
    (below.adapter_dir / _WEIGHTS).write_bytes(b"")
    with pytest.raises(RunError, match="The adapter of below is damaged"):
        create(on_top, root, "above")
    assert not (root / "runs" / "above").exists()
