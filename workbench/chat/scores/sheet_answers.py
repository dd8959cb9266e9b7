"""The answer sheet as it is written: every example answered by all targets, as many at a time as a model takes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.chat.answering import Round, go_on
from workbench.chat.desk import MOST_ANSWERS
from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Event, Question, Target
from workbench.chat.scores.examples import Asked


@dataclass
class _Sheet:
    """One example, and the answers to it so far."""

    asked: Asked
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
    under_way: dict[Round, _Sheet] = {}
    while waiting or under_way:
        check()
        while waiting and len(under_way) < at_once:
            asked = waiting.pop()
            under_way[_begin(model, question, asked)] = _Sheet(asked)
        for put, event in go_on(list(under_way), model):
            under_way[put].take(event)
        for put in [put for put in under_way if not put.running]:
            yield under_way.pop(put).row()


def _begin(model: LoadedModel, question: Question, asked: Asked) -> Round:
    put = Round(replace(question, targets=tuple(_asking(target, asked) for target in question.targets)))
    put.begin(model)
    return put


def _asking(target: Target, asked: Asked) -> Target:
    """The system prompt that goes with the run stands first, unless the example has its own."""
    own_system = bool(asked.turns) and asked.turns[0]["role"] == "system"
    return replace(target, messages=tuple(asked.turns if own_system else [*target.messages, *asked.turns]))
