"""A run moved to another workbench: all that it tells of itself but its examples, and nothing that could do harm."""

import json
import zipfile
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from tests.export.made import retold, run_of, written
from tests.methods.made import logits
from workbench.errors import WorkbenchError
from workbench.export.placing import pack
from workbench.export.request import ExportRequest
from workbench.export.targets import TAKEN_IN, TARGETS
from workbench.jobs.files import append_json, write_json
from workbench.jobs.folder import Status
from workbench.runs.listing import summarise
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training.importing.forms import FORMS
from workbench.training.importing.taking import take_in

pytestmark = pytest.mark.slow


@pytest.fixture
def run(root: Path, tiny_model: Path) -> RunDir:
    return _with_course(run_of("lora", root, tiny_model))


def _with_course(run: RunDir) -> RunDir:
    for step in (1, 2):
        row = {"attempt": 1, "step": step, "loss": 3.0 - step, "learning_rate": 0.1, "grad_norm": 1.0, "epoch": 0.5}
        row |= {"tokens": 9 * step, "learned_tokens": 4, "tokens_per_second": 10.0, "seconds": 1.0}
        append_json(run.metrics_path, row)
    write_json(run.data_dir / "summary.json", {"rows": 7, "files": [{"name": "a.csv", "reference": "/home/zoe/a.csv"}]})
    run.update_about(note="my note", statement={"contact": "me@example.org"}, votes=[{"prompt": "a secret"}])
    run.write_status(Status("finished", 2, 2, "Its folder is /home/zoe."))
    return run


def _answer(model: Path, run: RunDir) -> torch.Tensor:
    return logits(PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(model), run.adapter_dir))


def _exported(run: RunDir, place: Path) -> Path:
    place.mkdir(exist_ok=True)
    folder = written(ExportRequest(run.id, "run", "", place / "tuned"), run)
    pack(folder, place / "tuned.zip", "tuned")
    return place / "tuned.zip"


def test_another_workbench_takes_it_in_as_it_was(run: RunDir, tiny_model: Path, tmp_path: Path) -> None:
    moved = _exported(run, tmp_path / "moved")
    there = take_in([moved], str(tiny_model), tmp_path / "other")
    facts, due = summarise(there), summarise(run)
    assert (facts.name, facts.phase, facts.step, facts.loss, facts.method) == (due.name, "finished", 2, 1.0, "lora")
    assert there.origin() == "trained" and there.about()["note"] == "my note"
    assert Metrics(there.metrics_path).poll().steps == Metrics(run.metrics_path).poll().steps
    assert there.config().method == run.config().method and there.config().data.system_prompt == "Be a pirate."
    assert torch.equal(_answer(tiny_model, there), _answer(tiny_model, run))


def test_what_is_of_this_computer_and_what_was_learned_from_stay_here(run: RunDir, tmp_path: Path) -> None:
    with zipfile.ZipFile(_exported(run, tmp_path / "moved")) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    assert not any(word in whole for word in (b"/home/zoe", b"a secret", str(tmp_path).encode()))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fingerprint": "other"}, "whose files are not those of"),
        ({"r": 8}, "has the rank 4, and adapter_config.json says 8"),
        ({"yaml": "model: {path: [1]}\n"}, "The settings in tuned cannot be read"),
        ({"yaml": "method: {name: ia3}\n"}, "is none of its method"),
    ],
)
def test_what_does_not_fit_leaves_nothing(
    change: dict[str, object], said: str, run: RunDir, tiny_model: Path, tmp_path: Path
) -> None:
    _exported(run, tmp_path / "moved")
    place = tmp_path / "moved" / "tuned" / "run"
    if "yaml" in change:
        (place / "config.yaml").write_text(str(change["yaml"]), encoding="utf-8")
    elif "r" in change:
        retold(place / "adapter" / "adapter_config.json", **change)
    else:
        retold(place / "environment.json", model=change)
    with pytest.raises(WorkbenchError, match=said):
        take_in([place.parent], str(tiny_model), tmp_path / "other")
    assert not list((tmp_path / "other" / "runs").glob("[!.]*"))


def test_its_record_is_read_with_care(run: RunDir, tiny_model: Path, tmp_path: Path) -> None:
    _exported(run, tmp_path / "moved")
    place = tmp_path / "moved" / "tuned" / "run"
    with (place / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"attempt": 1, "step": 3, "loss": "<b>"}\n')
        file.write('{"attempt": 1, "step": 3, "eval_loss": NaN, "seconds": 1}\n')
    retold(place / "about.json", note={"a": 1}, scores={"held_out": {"examples": "x", "loss": 3}}, pinned=True)
    retold(place / "status.json", phase="training", step="7", extra=1)
    (place / "extra.py").write_text("raise SystemExit", encoding="utf-8")
    there = take_in([place.parent], str(tiny_model), tmp_path / "other")
    assert [row["step"] for row in Metrics(there.metrics_path).poll().steps] == [1, 2]
    assert (there.about()["note"], there.about()["scores"], "pinned" in there.about()) == ("", {}, False)
    assert there.status().phase == "finished" and not list(there.path.rglob("*.py"))


def test_a_member_that_leads_out_of_the_zip_file_is_refused(run: RunDir, tiny_model: Path, tmp_path: Path) -> None:
    moved = _exported(run, tmp_path / "moved")
    with zipfile.ZipFile(moved, "a") as archive:
        archive.writestr("../../escaped.json", "{}")
    with pytest.raises(WorkbenchError, match="escaped"):
        take_in([moved], str(tiny_model), tmp_path / "other")
    assert not list(tmp_path.rglob("escaped*"))


@pytest.mark.parametrize("case", ["full", "prefix tuning", "ia3"])
def test_other_methods_are_moved_alike(case: str, root: Path, tiny_model: Path, tmp_path: Path) -> None:
    run = _with_course(run_of(case, root, tiny_model))
    there = take_in([_exported(run, tmp_path / "moved")], str(tiny_model), tmp_path / "other")
    name = "weights.safetensors" if case == "full" else "adapter_model.safetensors"
    assert (there.adapter_dir / name).read_bytes() == (run.adapter_dir / name).read_bytes()


def test_what_no_import_checks_is_not_offered(root: Path, tiny_model: Path, tmp_path: Path) -> None:
    assert {form.method for form in FORMS.values()} == set(TAKEN_IN)
    layers = run_of("bottleneck", root, tiny_model)
    with pytest.raises(WorkbenchError, match=r"A run of Bottleneck .* is not taken in"):
        TARGETS["run"].check(layers)
    assert json.loads((layers.adapter_dir / "adapter_config.json").read_text())["peft_type"] == "BOTTLENECK"
