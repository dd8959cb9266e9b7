"""Training an adapter further: what a run takes over from its parent, and what it refuses."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file

from tests.tiny import make_model
from tests.training.in_process import train
from workbench.config.build import build
from workbench.config.problems import Problem
from workbench.config.run_config import RunConfig
from workbench.errors import RunError, SettingError
from workbench.jobs.folder import Status
from workbench.methods.table import METHODS
from workbench.models.fingerprint import fingerprint
from workbench.models.load import load_model
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import launch, lineage, plan, worker
from workbench.training.checkpoints import damage, publish
from workbench.training.checks import find_problems


def weights(run: RunDir) -> Path:
    return run.adapter_dir / lineage.WEIGHTS


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def checks(run: RunDir) -> list[float]:
    return [row["eval_loss"] for row in Metrics(run.metrics_path).poll().evaluations]


def create(config: RunConfig, root: Path, name: str) -> RunDir:
    return launch.create(plan.make(config, root), name)


def problems(config: RunConfig, root: Path, level: str = "error") -> list[Problem]:
    return [problem for problem in find_problems(plan.make(config, root)) if problem.level == level]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the tests here share: their examples, and a parent that is trained once and copied."""
    return tmp_path_factory.mktemp("lineage")


@pytest.fixture
def examples(store: Path) -> Path:
    path = store / "sums.jsonl"
    rows = ({"question": f"What is {a} plus {b}?", "answer": f"It is {a + b}."} for a in range(4) for b in range(6))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def parent(config: RunConfig, root: Path, store: Path) -> RunDir:
    kept = store / "parent"
    if not kept.exists():
        shutil.copytree(train(create(config, root, "parent")).path, kept)
        shutil.rmtree(root / "runs" / "parent")
    return RunDir(Path(shutil.copytree(kept, root / "runs" / "parent")))


@pytest.fixture
def further(config: RunConfig) -> RunConfig:
    return config.changed("model.adapter", "parent")


def test_a_child_begins_where_its_parent_ended(further: RunConfig, root: Path, parent: RunDir) -> None:
    child = train(create(further.changed("training.learning_rate", 1e-7), root, "child"))
    assert checks(child)[0] == checks(parent)[-1] != checks(parent)[0]
    assert lineage.parent_of(child) == {"id": "parent", "name": "parent", "step": 12, "sha256": digest(weights(parent))}
    base = load_model(Path(further.model.path), "fp32", "cpu").eval()
    ids = torch.tensor([[5, 6, 7, 8]])
    model = PeftModel.from_pretrained(base, str(parent.adapter_dir), "parent").eval()
    model.load_adapter(str(child.adapter_dir), "child")
    logits = {}
    for name in ("parent", "child"):
        model.set_adapter(name)
        logits[name] = model(ids).logits
    with model.disable_adapter():
        assert not torch.allclose(model(ids).logits, logits["parent"], atol=0.1)
    assert torch.allclose(logits["child"], logits["parent"], atol=1e-3)


def test_a_child_needs_its_parent_no_more(further: RunConfig, root: Path, parent: RunDir) -> None:
    """Deleted after the start: the child begins, and a resume of it gives the same bytes."""
    whole, part, early = (create(further, root, name) for name in ("whole", "part", "early"))
    shutil.rmtree(parent.path)
    train(whole)
    shutil.copytree(whole.checkpoints_dir / "step-9", part.checkpoints_dir / "step-9")
    shutil.rmtree(part.start_dir)
    assert digest(weights(train(part))) == digest(weights(whole))
    (early.start_dir / lineage.WEIGHTS).write_bytes(b"")
    assert worker.main(str(early.path)) == 1
    assert "adapter_model.safetensors" in early.stored_status().message


def test_what_must_be_the_same_is_named_with_both_values(
    further: RunConfig, root: Path, parent: RunDir, tmp_path: Path
) -> None:
    assert problems(further, root) == []
    changed = build({"method.rank": 16, "method.target_modules": "attention", "method.dropout": 0.1}, further)
    told = {problem.setting: problem.sentence for problem in problems(changed, root)}
    assert list(told) == ["method.rank", "method.alpha", "method.target_modules"]
    assert "Adapter size (rank): the adapter of parent has 8, not 16. Take 8, or begin" in told["method.rank"]
    assert "has 16, not 32" in told["method.alpha"] and "all-linear, not attention" in told["method.target_modules"]
    with pytest.raises(SettingError, match="has 8, not 16"):
        launch.start(plan.make(changed, root), "child")
    other = make_model(tmp_path / "other", seed=1)
    (problem,) = problems(further.changed("model.path", str(other)), root)
    assert problem.setting == "model.path" and f"trained on {further.model.path}, not on {other}" in problem.sentence


def test_a_note_says_what_begins_anew(further: RunConfig, config: RunConfig, root: Path, parent: RunDir) -> None:
    (note,) = problems(further, root, "note")
    assert note.sentence.startswith("Goes on from the adapter of parent (step 12). The learning rate schedule and")
    assert problems(config, root, "note") == []
    warnings = problems(further.changed("training.seed", 1), root, "warning")
    assert "may have learned those kept now" in " ".join(problem.sentence for problem in warnings)
    warnings = problems(further.changed("data.system_prompt", "Be a pirate."), root, "warning")
    assert "parent learned with none, not with Be a pirate." in " ".join(problem.sentence for problem in warnings)


def test_a_model_that_has_changed_is_told_from_another_one(further: RunConfig, root: Path, parent: RunDir) -> None:
    text = parent.environment_path.read_text()
    parent.environment_path.write_text(text.replace(fingerprint(Path(further.model.path)), "another"))
    (problem,) = problems(further, root)
    assert "has changed since parent was trained on it" in problem.sentence


def test_a_parent_that_cannot_be_is_named(config: RunConfig, further: RunConfig, root: Path) -> None:
    (unknown,) = problems(further, root)
    assert "There is no run parent." in unknown.sentence
    run = create(config, root, "parent")
    (unfinished,) = problems(further, root)
    assert "parent has not ended, it is created." in unfinished.sentence
    run.write_status(Status("stopped"))
    (empty,) = problems(further, root)
    assert (empty.setting, "parent has no adapter" in empty.sentence) == ("model.adapter", True)


@pytest.mark.parametrize("name", ["../parent", "/etc/passwd", "a/b"])
def test_a_parent_is_never_a_path(config: RunConfig, name: str) -> None:
    with pytest.raises(SettingError, match="not the id of a run"):
        build({"model.adapter": name}, config)


def test_without_a_result_the_last_state_that_was_saved_is_taken(
    further: RunConfig, root: Path, parent: RunDir
) -> None:
    shutil.rmtree(parent.adapter_dir)
    parent.write_status(Status("failed", 11, 12))
    assert "(step 12)" in problems(further, root, "note")[0].sentence
    child = create(further, root, "child")
    assert digest(child.start_dir / lineage.WEIGHTS) == digest(parent.checkpoints_dir / "step-12" / lineage.WEIGHTS)
    assert sorted(path.name for path in child.start_dir.iterdir()) == [
        "MANIFEST.json",
        "adapter_config.json",
        "adapter_model.safetensors",
        "parent.json",
    ]


@pytest.mark.parametrize("name", ["adapter_model.safetensors", "adapter_config.json", "MANIFEST.json"])
def test_a_damaged_adapter_is_refused_by_name_and_nothing_is_made(
    further: RunConfig, root: Path, parent: RunDir, name: str
) -> None:
    path = parent.adapter_dir / name
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(RunError, match=rf"The adapter of parent is damaged \({name}\)"):
        create(further, root, "child")
    assert [run.name for run in (root / "runs").iterdir()] == ["parent"]


def drop(tensors: dict[str, torch.Tensor], key: str) -> None:
    del tensors[key]


def add(tensors: dict[str, torch.Tensor], key: str) -> None:
    tensors[f"{key}.more"] = tensors[key].clone()


def cut(tensors: dict[str, torch.Tensor], key: str) -> None:
    tensors[key] = tensors[key][:, :-1].clone()


def spoil(tensors: dict[str, torch.Tensor], key: str) -> None:
    tensors[key][0, 0] = float("nan")


@pytest.mark.parametrize(
    ("change", "said"),
    [(drop, "it lacks"), (add, "not trained here"), (cut, " × 127, not 8 × 128"), (spoil, "no numbers")],
)
def test_tensors_that_do_not_fit_are_refused(
    further: RunConfig, root: Path, parent: RunDir, change: Callable[[dict[str, torch.Tensor], str], None], said: str
) -> None:
    """Whole by its checksums, and yet not what the run trains."""
    tensors = load_file(weights(parent))
    change(tensors, min(key for key in tensors if "lora_A" in key))

    def write(folder: Path) -> None:
        save_file(tensors, folder / lineage.WEIGHTS)
        shutil.copyfile(parent.adapter_dir / "adapter_config.json", folder / "adapter_config.json")

    publish(parent.adapter_dir, write)
    assert damage(parent.adapter_dir) is None
    child = create(further, root, "child")
    assert worker.main(str(child.path)) == 1
    status = child.stored_status()
    assert (status.phase, status.step) == ("failed", 0)
    assert said in status.message and "lora_A" in status.message


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS)
def test_every_method_goes_on_exactly_or_says_that_it_cannot(config: RunConfig, root: Path, name: str) -> None:
    config = build({"method.name": name, "training.max_steps": 3}, config)
    parent = train(create(config, root, "parent"))
    further = config.changed("model.adapter", "parent")
    child = create(further, root, "child")
    if METHODS[name].extends:
        assert checks(train(child))[0] == checks(parent)[-1]
    else:
        assert "cannot be trained further" in problems(further, root)[0].sentence
        assert worker.main(str(child.path)) == 1
        message = child.stored_status().message
        assert any(told in message for told in ("would not be as it was", "does not fit this run"))


def test_the_record_of_the_parent_outlives_its_name(further: RunConfig, root: Path, parent: RunDir) -> None:
    child = create(further, root, "child")
    parent.update_about(name="renamed")
    assert lineage.parent_of(child)["name"] == "parent"
    assert json.loads((child.start_dir / "MANIFEST.json").read_text())["files"]


def test_the_settings_in_use_count_not_those_that_were_written_over(
    further: RunConfig, root: Path, parent: RunDir
) -> None:
    text = parent.config_path.read_text()
    parent.config_path.write_text(text.replace("alpha: auto", "alpha: 64.0"))
    assert problems(further, root) == []
    assert "has 16, not 64" in problems(further.changed("method.alpha", 64.0), root)[0].sentence
