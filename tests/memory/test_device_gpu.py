"""What is foretold of a GPU's memory, beside the most that torch then allocates there."""

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import make_tokenizer
from tests.training.in_process import create, train
from workbench.config.build import build
from workbench.memory.device import NOT_ALLOCATED
from workbench.training import plan

_CASES: dict[str, dict[str, Any]] = {
    "lora": {},
    "lora, long": {"data.max_length": 1024, "training.micro_batch_size": 2},
    "lora, checkpointing": {"training.gradient_checkpointing": True},
    "lora, fp32": {"model.precision": "fp32"},
    "nf4": {"model.quantization": "nf4"},
    "int8": {"model.quantization": "int8"},
    "full": {"method.name": "full"},
    "full, 8 bit": {"method.name": "full", "training.optimizer": "adamw_8bit"},
    "full, paged": {"method.name": "full", "training.optimizer": "paged_adamw"},
}
_USUAL: dict[str, Any] = {
    "data.max_length": 512,
    "data.over_long": "cut_end",
    "data.eval_share": 0.0,
    "evaluation.watched_prompts": 0,
    "hardware.priority": "normal",
    "model.precision": "bf16",
    "training.batch_size": 4,
    "training.micro_batch_size": 4,
    "training.max_steps": 3,
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 130 million random weights."""
    from transformers import AutoModelForCausalLM, LlamaConfig

    folder, tokenizer = tmp_path_factory.mktemp("models") / "made", make_tokenizer()
    sizes = {"hidden_size": 768, "intermediate_size": 2048, "num_hidden_layers": 12, "num_attention_heads": 12}
    config = LlamaConfig(vocab_size=32_000, max_position_embeddings=2048, **sizes)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.gpu
@pytest.mark.slow
@pytest.mark.usefixtures("reading_here")
@pytest.mark.parametrize("settings", _CASES.values(), ids=_CASES)
def test_no_more_than_8_percent_too_low_or_20_too_high(
    settings: dict[str, Any], model: Path, root: Path, tmp_path: Path
) -> None:
    import torch

    rows, data = "The cow says moo, and the cat says meow. " * 400, tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps({"instruction": f"Tell {i}", "output": rows}) + "\n" for i in range(16)))
    asked = build({"model.path": str(model), "data.path": str(data)} | _USUAL | settings)
    planned = plan.make(asked, root)
    assert planned.vram
    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    train(create(asked, root))
    measured = torch.cuda.max_memory_allocated() - before
    foretold = sum(size for name, size in planned.vram.terms.items() if name not in NOT_ALLOCATED)
    assert -0.08 < foretold / measured - 1 < 0.20
