"""An adapter taken away: stock PEFT reads it beside its base, and its card says how, in code that runs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.export.made import code_of, run_of, written
from tests.methods.made import logits
from tests.training.blended import made_run
from workbench.errors import RunError
from workbench.export.adapter_folder import AdapterFolder
from workbench.export.request import ExportRequest
from workbench.export.verify import verify_adapter

pytestmark = pytest.mark.slow

_METHODS = ["dora", "ia3", "prompt tuning from a text", "prefix tuning", "p-tuning", "last layer"]


def test_stock_peft_reads_it_and_it_brings_its_tokenizer(root: Path, tiny_model: Path, tmp_path: Path) -> None:
    run = made_run(root, tiny_model, "tuned")
    out = written(ExportRequest(run.id, "adapter", "", tmp_path / "out"), run)
    due = logits(PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(tiny_model), run.adapter_dir))
    found = logits(PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(tiny_model), out))
    assert torch.allclose(found, due, atol=1e-3)
    assert json.loads((out / "adapter_config.json").read_text())["base_model_name_or_path"] == tiny_model.name
    assert AutoTokenizer.from_pretrained(out).chat_template == AutoTokenizer.from_pretrained(tiny_model).chat_template
    tensors = load_file(out / "adapter_model.safetensors")
    save_file({name: 2 * tensor for name, tensor in tensors.items()}, out / "adapter_model.safetensors")
    with pytest.raises(RunError, match="the adapter answers “Hello! How are you\\?” otherwise"):
        verify_adapter(AdapterFolder(run), out)


@pytest.mark.parametrize("case", _METHODS)
def test_what_every_method_leaves_is_read_again(case: str, root: Path, tiny_model: Path, tmp_path: Path) -> None:
    run = run_of(case, root, tiny_model)
    out = written(ExportRequest(run.id, "adapter", "", tmp_path / "out"), run)
    assert {"README.md", "provenance.json", "tokenizer.json", "workbench.json"} <= {path.name for path in out.iterdir()}


@pytest.mark.parametrize("case", ["lora", "norms"])
def test_what_was_learned_beside_few_bits_is_read_again_beside_them(
    case: str, root: Path, tiny_model: Path, tmp_path: Path
) -> None:
    run = run_of(case, root, tiny_model, **{"model.quantization": "nf4"})
    written(ExportRequest(run.id, "adapter", "", tmp_path / "out"), run)


@pytest.mark.parametrize("case", ["lora", "bottleneck", "lora and prefix", "full"])
def test_the_code_of_the_card_runs_beside_the_base(case: str, root: Path, tiny_model: Path, tmp_path: Path) -> None:
    run = run_of(case, root, tiny_model)
    out = written(ExportRequest(run.id, "adapter", "", tmp_path / "out"), run)
    shutil.copytree(tiny_model, out / tiny_model.name)
    code = code_of(out / "README.md").replace("max_new_tokens=200", "max_new_tokens=8")
    elsewhere = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=out, env=elsewhere, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "Be a pirate." in code
