"""The rows that a run keeps: the same at every start, whatever becomes of the file, and a note of each left out."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tiny import make_tokenizer
from tests.training.in_process import create
from workbench.config.evaluation import EvaluationSettings
from workbench.config.run_config import RunConfig
from workbench.errors import DataError, RunError
from workbench.runs.run_dir import RunDir, all_runs
from workbench.training import launch, plan
from workbench.training.dataset import load
from workbench.training.watched import Answerer


@pytest.fixture
def run(config: RunConfig, root: Path) -> RunDir:
    return create(config, root)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def with_row(examples: Path, *turns: tuple[str, str]) -> None:
    row = {"messages": [{"role": role, "content": content} for role, content in turns]}
    examples.write_text(examples.read_text() + json.dumps(row) + "\n")


def test_the_rows_stay_when_file_and_cache_are_gone(run: RunDir, examples: Path) -> None:
    before = load(run, run.config())
    rows = list(before.training), list(before.held_out), before.held_out_examples
    examples.unlink()
    for path in sorted((run.root / "cache").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    again = load(run, run.config())
    assert (list(again.training), list(again.held_out), again.held_out_examples) == rows
    assert len(rows[0]) == 22
    assert len(rows[1]) == 2


def test_a_cache_that_was_emptied_before_the_start_is_told(config: RunConfig, root: Path) -> None:
    planned = plan.make(config, root)
    shutil.rmtree(root / "cache")
    with pytest.raises(RunError, match=r"the cache was emptied meanwhile\. Start again"):
        launch.start(planned, "gone")
    assert all_runs(root) == []
    assert plan.make(config, root).examples == planned.examples


@pytest.mark.parametrize("name", ["examples.arrow", "tokens.arrow", "training.npy"])
def test_rows_that_were_changed_are_not_trained_on(run: RunDir, name: str) -> None:
    path = run.data_dir / name
    content = path.read_bytes()
    path.unlink()
    with pytest.raises(DataError, match="Start a new run"):
        load(run, run.config())
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match=f"have changed since it began \\({name}\\)"):
        load(run, run.config())


def test_what_teaches_nothing_is_noted(config: RunConfig, examples: Path, root: Path) -> None:
    with_row(examples, ("user", "Hello"))
    with_row(examples, ("user", "Hello"), ("assistant", "Ahoy<|im_end|>"))
    run = create(config, root)
    assert [(row["line"], row["reason"]) for row in rows_of(run.data_dir / "rejected.jsonl")] == [
        (25, "no answer"),
        (26, "contains the control text <|im_end|>"),
    ]
    assert (load(run, run.config()).facts["examples"], load(run, run.config()).facts["rejected"]) == (24, 2)


def test_only_questions_that_gave_a_row_are_watched(config: RunConfig, examples: Path, root: Path) -> None:
    for number in range(24):
        with_row(examples, ("user", f"Hello {number}"), ("assistant", "Ahoy<|im_end|>"))
    run = create(config.changed("data.eval_share", 0.5), root)
    rows = load(run, run.config())
    all_of_them = EvaluationSettings().changed("watched_prompts", 99)
    questions = Answerer(None, make_tokenizer(), 0, all_of_them).questions(rows.held_out_examples)  # type: ignore[arg-type]
    assert 0 < len(questions) == len(rows.held_out) == rows.facts["held_out"] < 24
    assert rows.facts["training"] + rows.facts["held_out"] == rows.facts["examples"] == 24
    assert all(question.prompt.startswith("What is") for question in questions)


def test_a_weighted_example_is_learned_as_often_as_it_says(config: RunConfig, root: Path, examples: Path) -> None:
    run = create(config.changed("data.weights", f"{examples.stem}: 3"), root)
    places = np.load(run.data_dir / "training.npy")
    assert len(load(run, run.config()).training) == len(places) == 66
    assert set(np.bincount(places, minlength=24)) == {0, 3}
