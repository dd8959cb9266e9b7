"""Watched prompts: the user's own first, then held-out questions, in a run with and without held-out rows."""

from pathlib import Path

import pytest

from tests.tiny import make_tokenizer
from tests.training.in_process import create, train
from workbench.config.build import build
from workbench.config.evaluation import EvaluationSettings
from workbench.config.run_config import RunConfig
from workbench.data.examples import Example, Message
from workbench.monitoring.course import Course
from workbench.monitoring.evidence import gather
from workbench.training.watched import Answerer, Question

HELD_OUT = [Example(n, (Message("user", f"Held out {n}?"), Message("assistant", f"Yes, {n}."))) for n in range(6)]


def questions(context: int = 0, template: bool = True, **settings: object) -> list[Question]:
    tokenizer = make_tokenizer() if template else make_tokenizer(template=None)
    answerer = Answerer(None, tokenizer, context, EvaluationSettings(**settings))  # type: ignore[arg-type]
    return answerer.questions(HELD_OUT if template else [])


def test_own_prompts_come_first_and_held_out_ones_fill_up() -> None:
    found = questions(prompts="Hello!\nHeld out 0?\n", watched_prompts=4)
    assert [question.prompt for question in found] == ["Hello!", "Held out 0?", "Held out 1?", "Held out 2?"]
    assert [question.expected for question in found] == ["", "", "Yes, 1.", "Yes, 2."]
    assert len(questions(prompts=list("abcde"), watched_prompts=3)) == 5


def test_a_prompt_longer_than_the_model_reads_is_cut_and_says_so() -> None:
    prompt = "Tell me all about it. " * 20
    (whole,) = questions(prompts=prompt, watched_prompts=0)
    (cut,) = questions(context=64, prompts=prompt, watched_prompts=0, answer_tokens=16)
    assert len(whole.ids) > 64 and whole.prompt == prompt.strip()
    assert len(cut.ids) <= 48
    assert cut.prompt.startswith("Tell me all") and "(cut: this model reads " in cut.prompt
    assert cut.ids[:8] == whole.ids[:8] and cut.ids[-3:] == whole.ids[-3:], "the turn is closed as it should be"


def test_a_model_without_a_template_goes_on_where_the_text_ends() -> None:
    (question,) = questions(template=False, prompts=["Once upon"], watched_prompts=3)
    assert question.ids == make_tokenizer(template=None)("Once upon")["input_ids"]


@pytest.mark.slow
def test_a_run_without_held_out_rows_answers_the_users_prompts(config: RunConfig, root: Path) -> None:
    asked = build({"data.eval_share": 0.0, "evaluation.prompts": "Hello!\nWho are you?"}, config)
    run = train(create(asked, root))
    course = Course(run).poll()
    steps = sorted({row["step"] for row in course.samples})
    assert steps[0] == 0 and steps[-1] == run.status().steps and len(steps) > 2
    assert [row["prompt"] for row in course.samples] == ["Hello!", "Who are you?"] * len(steps)
    assert {row["expected"] for row in course.samples} == {""}
    assert gather(run).miss is None
