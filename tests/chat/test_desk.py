"""Whose question is answered when; with real tiny models, in this process."""

import dataclasses
from pathlib import Path

import pytest
from torch import Tensor

from tests.chat.asking import HELLO
from tests.conftest import KERNELS
from workbench.chat.answering import Round
from workbench.chat.desk import MOST_ANSWERS, Desk
from workbench.chat.fast_model import FastModel
from workbench.chat.models import load_model
from workbench.chat.protocol import Event, Question, Target
from workbench.config.sampling import Sampling
from workbench.models.decode import Decoding

Said = list[tuple[int, Event]]


def question(model: Path, answers: int = 1, tokens: int = 5) -> Question:
    targets = tuple(Target(f"answer {number}", HELLO) for number in range(answers))
    return Question(str(model), "fp32", targets, Sampling(max_new_tokens=tokens, temperature=1.0))


def answer_all(*questions: Question, stopped: tuple[int, ...] = ()) -> Said:
    """What a desk says to questions that were all there at once, with each one's number."""
    said: Said = []
    desk = Desk(lambda asked: load_model(asked, KERNELS), lambda asked, event: said.append((asked.number, event)))
    for number, asked in enumerate(questions):
        round = Round(asked, number)
        if number in stopped:
            round.stop()
        desk.put(round)
    desk.close()
    desk.work()
    return said


def kinds(said: Said, number: int) -> list[str]:
    return [event.kind for whose, event in said if whose == number]


def text(said: Said, number: int) -> str:
    return "".join(event.text for whose, event in said if whose == number and event.kind in ("text", "done"))


def test_questions_go_on_together_and_each_is_answered_as_alone(tiny_model: Path) -> None:
    asked = question(tiny_model, tokens=12)
    other = dataclasses.replace(asked, sampling=Sampling(max_new_tokens=12, temperature=1.0, seed=3))
    both = answer_all(asked, other)
    written = [number for number, event in both if event.kind == "text"]
    assert written[:6] == [0, 1, 0, 1, 0, 1]
    assert [text(both, number) for number in (0, 1)] == [text(answer_all(alone), 0) for alone in (asked, other)]


def test_a_question_to_another_model_waits_and_those_behind_it_wait_too(tiny_model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.symlink_to(tiny_model)
    said = answer_all(question(tiny_model), question(copy), question(tiny_model))
    ended = [number for number, event in said if event.kind == "end"]
    assert ended == [0, 1, 2]
    assert [kinds(said, number).count("loading") for number in range(3)] == [1, 1, 1]


def test_only_so_many_answers_are_under_way(tiny_model: Path) -> None:
    said = answer_all(question(tiny_model, MOST_ANSWERS), question(tiny_model))
    assert said.index((0, Event("end"))) < next(place for place, (number, _) in enumerate(said) if number == 1)


def test_one_that_was_stopped_while_it_waited_is_not_begun(tiny_model: Path) -> None:
    said = answer_all(question(tiny_model), question(tiny_model), stopped=(1,))
    assert kinds(said, 1) == ["end"]
    assert kinds(said, 0)[-1] == "end"


def test_one_that_was_stopped_need_not_wait_for_those_before_it(tiny_model: Path) -> None:
    full = question(tiny_model, MOST_ANSWERS)
    said = answer_all(full, full, question(tiny_model), stopped=(2,))
    assert said.index((2, Event("end"))) < said.index((0, Event("end")))


def test_a_question_that_cannot_be_answered_ends_by_itself(tiny_model: Path, tmp_path: Path) -> None:
    lost = dataclasses.replace(
        question(tiny_model), targets=(Target("lost", HELLO, adapter=str(tmp_path / "nowhere")),)
    )
    said = answer_all(question(tiny_model), lost, question(tiny_model))
    assert kinds(said, 1)[-2:] == ["error", "end"]
    assert [kinds(said, number)[-2:] for number in (0, 2)] == [["done", "end"]] * 2


def test_a_failure_while_writing_is_told_to_all_whom_it_concerns(
    tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(model: FastModel, answers: list[Decoding]) -> list[Tensor]:
        raise MemoryError

    monkeypatch.setattr(FastModel, "read", run_out)
    said = answer_all(question(tiny_model), question(tiny_model))
    assert [kinds(said, number)[-2:] for number in (0, 1)] == [["error", "end"]] * 2
    assert "not enough memory" in next(event.text for _, event in said if event.kind == "error")
