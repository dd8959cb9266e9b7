"""Several answers to one question, a token from each in turn, so that they appear side by side."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Event, Question, Target
from workbench.data.chat_tokens import prompt_ids
from workbench.data.examples import Message
from workbench.models.decode import decode, end_ids
from workbench.models.text_stream import TextStream


@dataclass
class _Answer:
    """One answer on its way."""

    target: Target
    ids: Iterator[int]
    text: TextStream
    started: float
    tokens: int = 0
    first_seconds: float = 0.0


def answers(model: LoadedModel, question: Question, is_stopped: Callable[[], bool]) -> Iterator[Event]:
    """The events of all targets' answers, until they are done or stopped."""
    for target in question.targets:
        model.add(target)
    running = [_begin(model, question, target) for target in question.targets]
    while running and not is_stopped():
        for answer in list(running):
            event = _advance(model, answer)
            yield event
            if event.kind == "done":
                running.remove(answer)
    for answer in running:
        yield _finish(answer)


def _begin(model: LoadedModel, question: Question, target: Target) -> _Answer:
    messages = tuple(Message(turn["role"], turn["content"]) for turn in target.messages)
    prompt = prompt_ids(messages, model.tokenizer)
    ends = end_ids(model.network, model.tokenizer)
    ids = decode(model.network, prompt, question.sampling, ends)
    return _Answer(target, ids, TextStream(model.tokenizer), time.monotonic())


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
        tokens=answer.tokens,
        seconds=round(seconds, 3),
        first_seconds=round(answer.first_seconds, 3),
    )
