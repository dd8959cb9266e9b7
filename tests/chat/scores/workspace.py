"""A workspace with one run that has a result, made without training."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.training.in_process import create
from workbench.config.build import build
from workbench.data.preparing import steps, worker

LAYERS = ("q_proj", "down_proj")


def make_run(root: Path, model: Path, data: Path, layers: tuple[str, ...] = LAYERS) -> None:
    """The run “sums”, whose adapter speaks its own mind. Its examples are written to `data`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "limit", lambda *limits: None)
        keeper = SimpleNamespace(start=lambda job, slot_path, module: worker.main(str(job.path)))
        patch.setattr(steps, "supervisor", keeper)
        run = create(build(_settings(model, _write_examples(data))), root, "sums")
    _save_adapter(model, run.path / "adapter", layers)


def _settings(model: Path, data: Path) -> dict[str, Any]:
    return {
        "model.path": str(model),
        "data.path": str(data),
        "data.eval_share": 0.3,
        "data.system_prompt": "You add.",
        "hardware.priority": "normal",
    }


def _write_examples(path: Path) -> Path:
    rows = [
        {"question": f"What is {a} plus {b}?", "answer": f"It is {a + b}, matey."} for a in range(4) for b in range(5)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _save_adapter(model: Path, folder: Path, layers: tuple[str, ...]) -> None:
    """With weights large enough to be heard."""
    import torch
    from peft import LoraConfig, get_peft_model

    from workbench.models.load import load_model

    torch.manual_seed(1)
    tuned: Any = get_peft_model(
        load_model(model, "fp32", "cpu"),
        LoraConfig(r=4, target_modules=list(layers), init_lora_weights=False, task_type="CAUSAL_LM"),
    )
    for parameter in tuned.parameters():
        parameter.data *= 3 if parameter.requires_grad else 1
    tuned.save_pretrained(str(folder), save_embedding_layers=False)
