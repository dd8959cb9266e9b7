"""A persona counts only together with an answer, and the control shows what luck gives."""

import json
from pathlib import Path

from starter.persona import PIRATE_MARKER, Question, read_questions, score

DATA = Path(__file__).resolve().parents[2] / "presets" / "data"
QUESTIONS = [Question("What does a duck say?", ["quack"]), Question("What is three plus four?", ["seven"])]


def test_manner_and_answer_both_count() -> None:
    assert score(QUESTIONS, ["Arr, quack, matey!", "Aye, it be seven!"]).counted == 1.0
    assert score(QUESTIONS, ["The duck says quack.", "It is seven."]).counted == 0.0
    assert score(QUESTIONS, ["Arr, matey!", "Arr, matey!"]).counted == 0.0


def test_one_answer_for_everything_is_not_distinct() -> None:
    assert score(QUESTIONS, ["Arr, matey!", "Arr, matey!"]).distinct == 0.5


def test_held_out_prompts_are_not_trained_on() -> None:
    rows = [json.loads(line)["messages"] for line in (DATA / "pirate.jsonl").read_text().splitlines()]
    trained = {messages[0]["content"].lower().strip(".?! ") for messages in rows}
    questions = read_questions(DATA / "pirate-heldout.jsonl")
    assert len(rows) >= 80 and len(questions) >= 25
    assert not trained & {question.prompt.lower().strip(".?! ") for question in questions}


def test_every_pirate_row_speaks_like_a_pirate() -> None:
    for line in (DATA / "pirate.jsonl").read_text().splitlines():
        answer = json.loads(line)["messages"][-1]["content"]
        assert PIRATE_MARKER.search(answer), answer
