"""A run with a result, made once; each test gets a workspace of its own."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import share_kernels
from tests.training.in_process import create
from workbench.config.build import build
from workbench.data.preparing import steps, worker
from workbench.runs.run_dir import RunDir


@pytest.fixture(scope="session")
def made(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace with one run, whose adapter speaks its own mind."""
    folder = tmp_path_factory.mktemp("made")
    root = folder / "workspace"
    root.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "limit", lambda *limits: None)
        keeper = SimpleNamespace(start=lambda job, slot_path, module: worker.main(str(job.path)))
        patch.setattr(steps, "supervisor", keeper)
        run = create(build(settings(tiny_model, write_examples(folder / "sums.jsonl"))), root, "sums")
        save_adapter(tiny_model, run.path / "adapter")
        yield root


@pytest.fixture
def run(made: Path, tmp_path: Path) -> RunDir:
    root = Path(shutil.copytree(made, tmp_path / "workspace"))
    share_kernels(root)
    return RunDir.open(root, "sums")


def settings(model: Path, data: Path) -> dict[str, Any]:
    return {
        "model.path": str(model),
        "data.path": str(data),
        "data.eval_share": 0.3,
        "data.system_prompt": "You add.",
        "hardware.priority": "normal",
    }


def write_examples(path: Path) -> Path:
    rows = [
        {"question": f"What is {a} plus {b}?", "answer": f"It is {a + b}, matey."} for a in range(4) for b in range(5)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def save_adapter(model: Path, folder: Path) -> None:
    """With weights large enough to be heard."""
    import torch
    from peft import LoraConfig, get_peft_model

    from workbench.models.load import load_model

    torch.manual_seed(1)
    kinds = ["q_proj", "down_proj"]
    tuned: Any = get_peft_model(
        load_model(model, "fp32", "cpu"),
        LoraConfig(r=4, target_modules=kinds, init_lora_weights=False, task_type="CAUSAL_LM"),
    )
    for parameter in tuned.parameters():
        parameter.data *= 3 if parameter.requires_grad else 1
    tuned.save_pretrained(str(folder), save_embedding_layers=False)
