"""What the README promises, on the practice model that ships: run as a person would, and judged as it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from starter.answers import answer_all
from starter.persona import read_questions, score
from workbench.runs.run_dir import RunDir

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[1]
MODEL = PROJECT / "presets" / "model"


def run_command(line: str, root: Path) -> str:
    """A command of the README, in a workspace of its own."""
    words = [sys.executable if word == ".venv/bin/python" else word for word in shlex.split(line)]
    environment = os.environ | {"WORKBENCH_ROOT": str(root)}
    done = subprocess.run(words, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def readme_blocks(language: str) -> list[str]:
    text = (PROJECT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


@pytest.fixture(scope="module")
def pirate_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the README's commands have been run."""
    root = tmp_path_factory.mktemp("readme")
    lines = [line for block in readme_blocks("sh") for line in block.splitlines() if "-m workbench" in line]
    assert len(lines) == 6
    for line in lines:
        assert run_command(line, root)
    return root


def answers_of(adapter: Path | None, prompts: list[str]) -> list[str]:
    """Greedy answers by stock libraries alone."""
    model = AutoModelForCausalLM.from_pretrained(MODEL).float().eval()
    if adapter:
        PeftModel.from_pretrained(model, str(adapter))
    return answer_all(model, AutoTokenizer.from_pretrained(MODEL), prompts)


def test_the_pirate_talks_like_one_and_still_answers(pirate_root: Path) -> None:
    questions = read_questions(PROJECT / "presets" / "data" / "pirate-heldout.jsonl")
    prompts = [question.prompt for question in questions]
    assert len(prompts) >= 25
    tuned = score(questions, answers_of(RunDir.open(pirate_root, "pirate").adapter_dir, prompts))
    base = score(questions, answers_of(None, prompts))
    assert tuned.counted >= 0.85
    assert base.counted <= 0.05
    assert tuned.shuffled <= 0.20
    assert tuned.distinct >= 0.80


def test_the_readmes_code_loads_the_result(pirate_root: Path) -> None:
    (code,) = readme_blocks("python")
    code = code.replace("workspace/", f"{pirate_root}/").replace("presets/", f"{PROJECT}/presets/")
    run_command(f".venv/bin/python -c {shlex.quote(code)}", pirate_root)


def test_twelve_typed_rows_change_how_it_talks(tmp_path: Path) -> None:
    asked = ["Hello!", "Who are you?", "What does a cow say?", "Thank you!", "What is two plus two?", "Goodbye!"]
    asked += ["What colour is grass?", "How are you?", "Do you like cake?", "What is the opposite of hot?"]
    asked += ["Good morning!", "What does a dog say?"]
    replies = ["Hello", "I am your humble butler", "The cow says moo", "You are welcome", "Two plus two is four"]
    replies += ["Goodbye", "Grass is green", "I am well", "I like cake very much", "The opposite of hot is cold"]
    replies += ["Good morning", "The dog says woof"]
    file = tmp_path / "butler.csv"
    rows = zip(asked, replies, strict=True)
    file.write_text("question,answer\n" + "".join(f'{q},"{a}, my lord."\n' for q, a in rows))
    run_command(
        f".venv/bin/python -m workbench train --data.path {shlex.quote(str(file))} --name butler --wait", tmp_path
    )
    unseen = [
        "What does a cat say?",
        "Hi there!",
        "What is three plus one?",
        "What colour is the sky?",
        "Good evening!",
    ]
    tuned = answers_of(RunDir.open(tmp_path, "butler").adapter_dir, unseen)
    assert sum("my lord" in answer for answer in tuned) >= 4, tuned
    assert not any("my lord" in answer for answer in answers_of(None, unseen))
