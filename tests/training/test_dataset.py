"""The rows that a run keeps: the same at every start, and a note of each that was left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import make_tokenizer
from tests.training.in_process import create
from workbench.config.run_config import RunConfig
from workbench.errors import DataError
from workbench.runs.run_dir import RunDir
from workbench.training.dataset import prepare
from workbench.training.watched import Answerer

STRICT = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('No system') }}{% endif %}"


@pytest.fixture
def run(config: RunConfig, root: Path) -> RunDir:
    return create(config, root)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def with_row(examples: Path, *turns: tuple[str, str]) -> None:
    row = {"messages": [{"role": role, "content": content} for role, content in turns]}
    examples.write_text(examples.read_text() + json.dumps(row) + "\n")


def test_a_second_start_has_the_same_rows(run: RunDir) -> None:
    first = prepare(run, run.config(), make_tokenizer())
    assert prepare(run, run.config(), make_tokenizer()) == first


@pytest.mark.parametrize("name", ["train.jsonl", "held_out.jsonl"])
def test_rows_that_were_changed_are_not_trained_on(run: RunDir, name: str) -> None:
    prepare(run, run.config(), make_tokenizer())
    path = run.data_dir / name
    path.write_text(path.read_text().replace("plus", "minus"))
    with pytest.raises(DataError, match=f"have changed since it began \\({name}\\)"):
        prepare(run, run.config(), make_tokenizer())
    path.unlink()
    with pytest.raises(DataError, match="Start a new run"):
        prepare(run, run.config(), make_tokenizer())


def test_what_teaches_nothing_is_noted_once(config: RunConfig, examples: Path, root: Path) -> None:
    with_row(examples, ("user", "Hello"))
    with_row(examples, ("user", "Hello"), ("assistant", "Ahoy<|im_end|>"))
    run = create(config, root)
    for _ in range(2):
        rows = prepare(run, run.config(), make_tokenizer())
        assert rows_of(run.data_dir / "rejected.jsonl") == [
            {"line": 25, "reason": "no answer", "excerpt": "messages: [{'role': 'user', 'content': 'Hello'}]"},
            {"line": 26, "reason": "contains the control text <|im_end|>", "excerpt": "Hello / Ahoy<|im_end|>"},
        ]
        assert rows.facts["nothing_to_learn"] == 1


def test_only_questions_that_can_be_written_are_watched(config: RunConfig, examples: Path, root: Path) -> None:
    for number in range(24):
        with_row(examples, ("system", "Be brief."), ("user", f"Hello {number}"), ("assistant", "Ahoy"))
    tokenizer = make_tokenizer()
    tokenizer.chat_template = STRICT + str(tokenizer.chat_template)
    run = create(config.changed("data.eval_share", 0.5), root)
    rows = prepare(run, run.config(), tokenizer)
    questions = Answerer(None, tokenizer, 8).questions(rows.held_out_examples, 99)  # type: ignore[arg-type]
    assert 0 < len(questions) == len(rows.held_out) < 24
    assert all(question.prompt.startswith("What is") for question in questions)


def test_a_run_without_a_row_to_learn_says_why(config: RunConfig, examples: Path, root: Path) -> None:
    examples.write_text("")
    for number in range(3):
        with_row(examples, ("user", f"Hello {number}"), ("assistant", "Ahoy<|im_end|>"))
    run = create(config.changed("data.eval_share", 0.0), root)
    with pytest.raises(DataError, match=r"row 1: contains the control text <\|im_end\|>"):
        prepare(run, run.config(), make_tokenizer())
    assert len(rows_of(run.data_dir / "rejected.jsonl")) == 3
