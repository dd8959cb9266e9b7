"""A chat as data: who was asked what, and what each answered. Panes, files and exports are made from it.

Nothing here is changed in place: every step gives another conversation.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from workbench.chat.protocol import Turn
from workbench.chat.questions import Answerer
from workbench.config.sampling import Sampling


@dataclass(frozen=True)
class Answer:
    """What one answerer wrote; `tokens`, times and the end's `reason` as the worker told them."""

    text: str = ""
    tokens: int = 0
    seconds: float = 0.0
    first_seconds: float = 0.0
    reason: str = ""
    prompt: str = ""
    """The whole text that the model read."""
    strength: float = 1.0
    """That it was written with."""


@dataclass(frozen=True)
class Exchange:
    """A question, the answers to it by answerers' names, and which was called the better one."""

    prompt: str
    answers: dict[str, Answer] = field(default_factory=dict)
    vote: str = ""


@dataclass(frozen=True)
class Conversation:
    """Several answerers, each of whom reads the questions and its own answers."""

    lead: str
    """The run whose base answers, and whose system prompt is used where none is given; "" where only files answer."""
    answerers: dict[str, Answerer]
    system: str = ""
    sampling: Sampling = field(default_factory=Sampling)
    exchanges: tuple[Exchange, ...] = ()

    def turns_of(self, name: str, upto: int | None = None) -> list[Turn]:
        """What an answerer is to read: up to the question `upto`, as a rule the last one.

        Questions that it did not answer are left out, as some chat templates refuse two questions in a row.
        """
        asked = self.exchanges[: upto + 1] if upto is not None else self.exchanges
        turns: list[Turn] = [{"role": "system", "content": self.system}] if self.system else []
        for exchange in asked[:-1]:
            answer = exchange.answers.get(name, Answer()).text
            if answer.strip():
                turns += [{"role": "user", "content": exchange.prompt}, {"role": "assistant", "content": answer}]
        return [*turns, *({"role": "user", "content": exchange.prompt} for exchange in asked[-1:])]

    def with_question(self, prompt: str) -> Self:
        return replace(self, exchanges=(*self.exchanges, Exchange(prompt)))

    def with_answer(self, name: str, answer: Answer) -> Self:
        """The last question's answer by one of the answerers."""
        last = self.exchanges[-1]
        return self._with_last(replace(last, answers=last.answers | {name: answer}))

    def with_vote(self, name: str) -> Self:
        """Which answer to the last question is the better one; "" takes the vote back."""
        return self._with_last(replace(self.exchanges[-1], vote=name))

    def without_last(self) -> Self:
        """Without the last question and its answers."""
        return replace(self, exchanges=self.exchanges[:-1])

    def to_retry(self, name: str = "") -> Self:
        """With the last question still to be answered, by one answerer or by all."""
        last = self.exchanges[-1]
        kept = {other: answer for other, answer in last.answers.items() if name and other != name}
        return self._with_last(Exchange(last.prompt, kept))

    def edited(self, prompt: str) -> Self:
        """With another last question, still to be answered."""
        return self.without_last().with_question(prompt)

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"sampling": self.sampling.model_dump()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what is not a conversation."""
        return cls(
            lead=data["lead"],
            answerers={name: Answerer(**answerer) for name, answerer in data["answerers"].items()},
            system=data["system"],
            sampling=Sampling(**data["sampling"]),
            exchanges=tuple(_read_exchange(exchange) for exchange in data["exchanges"]),
        )

    def _with_last(self, exchange: Exchange) -> Self:
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))


def _read_exchange(data: dict[str, Any]) -> Exchange:
    answers = {name: Answer(**answer) for name, answer in data["answers"].items()}
    return Exchange(data["prompt"], answers, data["vote"])
