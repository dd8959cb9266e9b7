"""Exporting as users do it: a run's result as a model of its own, by a process, checked, and never half there."""

import signal
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.methods.made import logits
from tests.training.blended import made_run
from workbench.config.build import build
from workbench.errors import RunError
from workbench.export import job as exporting
from workbench.export.makings import MAKINGS
from workbench.export.merged_model import MergedModel
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS, DType
from workbench.export.verify import verify
from workbench.jobs.files import write_json
from workbench.jobs.transfer import Teller
from workbench.runs.run_dir import RunDir


@pytest.fixture
def run(root: Path, tiny_model: Path) -> RunDir:
    return made_run(root, tiny_model, "tuned")


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
def test_stock_code_reads_it_and_hears_what_the_run_learned(
    run: RunDir, dtype: DType, tiny_model: Path, tmp_path: Path
) -> None:
    written = _write(run, dtype, tmp_path / "out")
    verify(MergedModel(run, dtype), written)
    due = logits(PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(tiny_model), run.adapter_dir))
    found = logits(AutoModelForCausalLM.from_pretrained(written, dtype=torch.float32))
    assert torch.allclose(found, due, atol=1e-4 if dtype == "fp32" else 0.1)
    assert not torch.allclose(found, logits(AutoModelForCausalLM.from_pretrained(tiny_model)), atol=0.1)
    talk = [{"role": "user", "content": "Hello!"}]
    both = [AutoTokenizer.from_pretrained(folder) for folder in (tiny_model, written)]
    assert len({tokenizer.apply_chat_template(talk, tokenize=False) for tokenizer in both}) == 1


def test_what_was_written_otherwise_is_not_taken_for_right(run: RunDir, tmp_path: Path) -> None:
    written = _write(run, "fp32", tmp_path / "out")
    shard = written / "model.safetensors"
    whole = bytearray(shard.read_bytes())
    name, tensor = max(load_file(shard).items(), key=lambda item: item[1].numel())
    assert tensor.numel() > 1000, name
    whole[-4000:] = bytes(4000)
    shard.write_bytes(whole)
    with pytest.raises(RunError, match="answers “Hello! How are you\\?” otherwise"):
        verify(MergedModel(run, "fp32"), written)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"out": "there"}, "there is there already"), ({"out": "no/such"}, "no folder"), ({"run": "nobody"}, "nobody")],
)
def test_what_cannot_be_is_refused_beforehand(run: RunDir, change: dict[str, str], said: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    request = ExportRequest(change.get("run", run.id), "merged", "bf16", tmp_path / change.get("out", "new"))
    with pytest.raises(RunError, match=said):
        exporting.start(run.root, request)
    assert not (tmp_path / "new").exists() and not exporting.exports(run.root)


def test_room_is_asked_for_what_stands_aside_meanwhile(run: RunDir) -> None:
    gguf = TARGETS["gguf"]
    whole, few = gguf.size_bytes(run, "F16"), gguf.size_bytes(run, "Q4_K_M")
    assert gguf.room_bytes(run, "F16", zipped=False) == whole
    assert gguf.room_bytes(run, "F16", zipped=True) == 2 * whole
    assert gguf.room_bytes(run, "Q4_K_M", zipped=True) == few + whole, "llama.cpp makes it of a file in 16 bits"


def test_a_method_that_stands_before_the_text_is_refused_by_name(root: Path, tmp_path: Path) -> None:
    before = RunDir.create(root, "before", build({"method.name": "prompt_tuning"}), {})
    before.adapter_dir.mkdir()
    with pytest.raises(RunError, match="What Prompt tuning adds cannot become part of the weights of a model"):
        exporting.check(root, ExportRequest(before.id, "merged", "bf16", tmp_path / "out"))


@pytest.mark.slow
def test_it_is_made_by_a_process_and_gets_its_name_when_it_is_complete(run: RunDir, tmp_path: Path) -> None:
    job = exporting.start(run.root, ExportRequest(run.id, "merged", "bf16", tmp_path / "out"))
    assert job.wait().phase == "finished", job.status()
    assert [path.name for path in tmp_path.glob(".export-*")] == []
    assert AutoModelForCausalLM.from_pretrained(tmp_path / "out").dtype == torch.bfloat16


@pytest.mark.slow
def test_a_killed_export_leaves_nothing_that_has_its_name_and_is_swept(run: RunDir, tmp_path: Path) -> None:
    first = exporting.start(run.root, ExportRequest(run.id, "merged", "bf16", tmp_path / "out"))
    while not first.aside.exists() and first.goes_on:
        pass
    for process in first.processes().values():
        process.signal(signal.SIGKILL)
    assert first.wait().phase in ("interrupted", "failed") and not (tmp_path / "out").exists()
    second = exporting.start(run.root, ExportRequest(run.id, "merged", "bf16", tmp_path / "out"))
    assert second.wait().phase == "finished"
    assert not first.aside.exists()


def _write(run: RunDir, dtype: DType, folder: Path) -> Path:
    model = MergedModel(run, dtype)
    folder.mkdir()
    job = exporting.ExportJob(folder.parent / "job")
    job.path.mkdir()
    write_json(job.path / "request.json", {})
    model.write(folder, Teller(job, model.weight_bytes, "Writing."))
    return folder


def test_every_target_can_be_made() -> None:
    assert set(MAKINGS) == set(TARGETS)
