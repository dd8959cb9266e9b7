"""The answer sheet as it is written: every example answered by all targets, as many at a time as a model takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.chat.answering import Answer
from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Event, Question, Target
from workbench.chat.scores.examples import Asked

MOST_ANSWERS = 16
"""Under way at a time: each has keys and values of its own in memory."""


@dataclass
class _Sheet:
    """One example, and the answers to it so far."""

    asked: Asked
    answers: dict[str, Answer]
    texts: dict[str, str] = field(default_factory=dict)
    tokens: int = 0

    def take(self, event: Event) -> None:
        self.texts[event.target] = self.texts.get(event.target, "") + event.text
        self.tokens += event.tokens

    def row(self) -> dict[str, Any]:
        asked = self.asked
        return {
            "key": asked.key,
            "part": asked.part,
            "turns": asked.turns,
            "expected": asked.expected,
            "answers": {name: text.strip() for name, text in self.texts.items()},
            "tokens": self.tokens,
        }


def answer_all(
    model: LoadedModel, question: Question, examples: Sequence[Asked], check: Callable[[], None]
) -> Iterator[dict[str, Any]]:
    """The row of each example, once all the question's targets have answered it; not always in their order.

    `check` is called between two tokens, and ends it by raising.
    """
    waiting = list(reversed(examples))
    at_once = max(1, MOST_ANSWERS // len(question.targets))
    under_way: list[_Sheet] = []
    while waiting or under_way:
        check()
        while waiting and len(under_way) < at_once:
            under_way.append(_begin(model, question, waiting.pop()))
        _read(model, under_way)
        for sheet in [sheet for sheet in under_way if not sheet.answers]:
            under_way.remove(sheet)
            yield sheet.row()


def _begin(model: LoadedModel, question: Question, asked: Asked) -> _Sheet:
    targets = (_asking(target, asked) for target in question.targets)
    answers = {target.name: Answer(model, target, question.sampling) for target in targets}
    for answer in answers.values():
        answer.begin()
    return _Sheet(asked, answers)


def _read(model: LoadedModel, under_way: list[_Sheet]) -> None:
    """One more token, or piece of the question, of every answer; those that have ended are let go."""
    for sheet in under_way:
        for name, answer in tuple(sheet.answers.items()):
            if not answer.ids.goes_on():
                sheet.take(answer.finish())
                del sheet.answers[name]
    running = [(sheet, answer) for sheet in under_way for answer in sheet.answers.values()]
    logits = model.read([answer.ids for _, answer in running]) if running else []
    for (sheet, answer), row in zip(running, logits, strict=True):
        for event in answer.take(row):
            sheet.take(event)


def _asking(target: Target, asked: Asked) -> Target:
    """The system prompt that goes with the run stands first, unless the example has its own."""
    own_system = bool(asked.turns) and asked.turns[0]["role"] == "system"
    return replace(target, messages=tuple(asked.turns if own_system else [*target.messages, *asked.turns]))
