"""A question and its answers under way: from conversations to tokens, and from tokens to what is told."""

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch

from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Event, Question, Target
from workbench.config.sampling import Sampling
from workbench.data.examples import Message
from workbench.data.reading.records import Unfit
from workbench.data.rendering.chat_tokens import prompt_ids
from workbench.errors import ModelError
from workbench.models.templates import beginning_ids
from workbench.models.text_stream import TextStream

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class Answer:
    """One target's answer on its way. `ids` is read by the model; each token of it is told once."""

    def __init__(self, model: LoadedModel, target: Target, sampling: Sampling) -> None:
        """Raises ModelError for a conversation that the model's template refuses."""
        tokenizer = model.tokenizer_for(target)
        prompt = _prompt_ids(target, tokenizer)
        self.ids = model.decode(target, prompt, sampling)
        self._target = target
        self._prompt = Event(
            "begun",
            target.name,
            str(tokenizer.decode(prompt, clean_up_tokenization_spaces=False)),
            reason=model.alone(target),
            tokens=len(prompt),
        )
        self._text = TextStream(tokenizer)
        self._started = time.monotonic()
        self._tokens = 0
        self._first_seconds = 0.0

    def begin(self) -> Event:
        return self._prompt

    def take(self, logits: torch.Tensor) -> Iterator[Event]:
        """What is new once a piece of the text was read; nothing while there is more to read before a token."""
        token = self.ids.take(logits)
        if token is None:
            return
        self._tokens += 1
        self._first_seconds = self._first_seconds or time.monotonic() - self._started
        yield Event("text", self._target.name, self._text.push(token))

    def finish(self) -> Event:
        return Event(
            "done",
            self._target.name,
            self._text.finish(),
            reason=self.ids.stop_reason or "",
            tokens=self._tokens,
            seconds=round(time.monotonic() - self._started, 3),
            first_seconds=round(self._first_seconds, 3),
        )


class Round:
    """All targets' answers to a question."""

    def __init__(self, question: Question, number: int = 0) -> None:
        self.question = question
        self.number = number
        self.running: list[Answer] = []
        self._is_stopped = threading.Event()

    @property
    def is_stopped(self) -> bool:
        return self._is_stopped.is_set()

    def stop(self) -> None:
        """Stop all answers, also before they have begun or within a long prompt; from any thread."""
        self._is_stopped.set()
        for answer in tuple(self.running):
            answer.ids.close()

    def begin(self, model: LoadedModel) -> Iterator[Event]:
        """Get ready to be read by `model`."""
        model.prepare(self.question.targets)
        self.running = [Answer(model, target, self.question.sampling) for target in self.question.targets]
        if self.is_stopped:
            self.stop()
        return (answer.begin() for answer in self.running)

    def finish_ended(self) -> Iterator[Event]:
        """Let go of the answers that have nothing more to be read."""
        for answer in tuple(self.running):
            if not answer.ids.goes_on():
                self.running.remove(answer)
                yield answer.finish()


def go_on(rounds: list[Round], model: LoadedModel) -> Iterator[tuple[Round, Event]]:
    """One more piece or token of every answer of all rounds, read together; what is new in each."""
    for asked in rounds:
        yield from ((asked, event) for event in asked.finish_ended())
    running = [(asked, answer) for asked in rounds for answer in asked.running]
    logits = model.read([answer.ids for _, answer in running]) if running else []
    for (asked, answer), row in zip(running, logits, strict=True):
        yield from ((asked, event) for event in answer.take(row))


def answers(question: Question, model: LoadedModel) -> Iterator[Event]:
    """The events of one question's answers, until they are done."""
    asked = Round(question)
    yield from asked.begin(model)
    while asked.running:
        yield from (event for _, event in go_on([asked], model))


def _prompt_ids(target: Target, tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """The conversation as the model reads it; one that knows plain text only goes on with the text as it is."""
    messages = tuple(Message(turn["role"], turn["content"]) for turn in target.messages)
    if not messages or not tokenizer.chat_template:
        plain = target.text or "\n".join(message.content for message in messages)
        return beginning_ids(tokenizer) + list(tokenizer(plain, add_special_tokens=False)["input_ids"])
    try:
        return prompt_ids(messages, tokenizer)
    except Unfit as error:
        raise ModelError(
            f"The model cannot read this conversation: {error}.", "Leave the system prompt empty, or press Clear."
        ) from error
