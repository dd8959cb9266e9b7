"""A small set of examples and a config that trains a tiny model on them in a second."""

import json
from pathlib import Path

import pytest

from workbench.config.build import build
from workbench.config.run_config import RunConfig


@pytest.fixture(autouse=True)
def _reading_here(reading_here: None) -> None:
    """Every test here plans a run."""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """24 questions and answers of different lengths."""
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"What is {a} plus {b}?"},
                {"role": "assistant", "content": f"It is {a + b}" + ", matey" * (b % 3) + "."},
            ]
        }
        for a in range(4)
        for b in range(6)
    ]
    path = tmp_path / "sums.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def config(tiny_model: Path, examples: Path) -> RunConfig:
    return build(
        {
            "model.path": str(tiny_model),
            "data.path": str(examples),
            "training.epochs": 2,
            "training.batch_size": 4,
            "training.save_every": 3,
            "training.eval_every": 4,
            "training.learning_rate": 5e-3,
            "evaluation.watched_prompts": 1,
            "evaluation.answer_tokens": 8,
            "hardware.threads": 1,
            "hardware.priority": "normal",
        }
    )
