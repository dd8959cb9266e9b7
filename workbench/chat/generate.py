"""Several answers to one question, a token from each in turn, so that they appear side by side."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Event, Question, Target
from workbench.data.examples import Message
from workbench.data.reading.records import Unfit
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.errors import ModelError
from workbench.models.decode import Decoding
from workbench.models.templates import beginning_ids
from workbench.models.text_stream import TextStream

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass
class _Answer:
    """One answer on its way."""

    target: Target
    ids: Decoding
    text: TextStream
    started: float
    tokens: int = 0
    first_seconds: float = 0.0


class Round:
    """A question and its answers under way."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._is_stopped = threading.Event()
        self._running: list[_Answer] = []

    def stop(self) -> None:
        """Stop all answers, also before they have begun or within a long prompt; from any thread."""
        self._is_stopped.set()
        for answer in tuple(self._running):
            answer.ids.close()

    def answers(self, model: LoadedModel) -> Iterator[Event]:
        """The events of all targets' answers, until they are done or stopped."""
        model.prepare(self.question.targets)
        self._running = [_begin(model, self.question, target) for target in self.question.targets]
        while self._running:
            for answer in tuple(self._running):
                if self._is_stopped.is_set():
                    answer.ids.close()
                event = _advance(model, answer)
                yield event
                if event.kind == "done":
                    self._running.remove(answer)


def _begin(model: LoadedModel, question: Question, target: Target) -> _Answer:
    messages = tuple(Message(turn["role"], turn["content"]) for turn in target.messages)
    ids = model.decode(target, _prompt_ids(messages, model.tokenizer), question.sampling)
    return _Answer(target, ids, TextStream(model.tokenizer), time.monotonic())


def _prompt_ids(messages: tuple[Message, ...], tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """The conversation as the model reads it; one that knows plain text only goes on with the text as it is."""
    if not tokenizer.chat_template:
        plain = "\n".join(message.content for message in messages)
        return beginning_ids(tokenizer) + list(tokenizer(plain, add_special_tokens=False)["input_ids"])
    try:
        return prompt_ids(messages, tokenizer)
    except Unfit as error:
        raise ModelError(
            f"The model cannot read this conversation: {error}.", "Leave the system prompt empty, or press Clear."
        ) from error


def _advance(model: LoadedModel, answer: _Answer) -> Event:
    """One more token, or the end."""
    with model.as_target(answer.target):
        token = next(answer.ids, None)
    if token is None:
        return _finish(answer)
    answer.tokens += 1
    answer.first_seconds = answer.first_seconds or time.monotonic() - answer.started
    return Event("text", answer.target.name, answer.text.push(token))


def _finish(answer: _Answer) -> Event:
    seconds = time.monotonic() - answer.started
    return Event(
        "done",
        answer.target.name,
        answer.text.finish(),
        reason=answer.ids.stop_reason or "",
        tokens=answer.tokens,
        seconds=round(seconds, 3),
        first_seconds=round(answer.first_seconds, 3),
    )
