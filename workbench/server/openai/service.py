"""From a request to its answers: whom it asks, how they choose their words, and how they come back."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from workbench.chat.client import ChatClient, check_length
from workbench.chat.protocol import Question
from workbench.config.build import check
from workbench.config.sampling import Sampling
from workbench.errors import SettingError, WorkbenchError
from workbench.server.openai import directory
from workbench.server.openai.errors import ApiError, bad_value, failed
from workbench.server.openai.forms import Form, Writer, count_usage
from workbench.server.openai.reply import MOST_WAITING, Places, Reply
from workbench.server.openai.shapes import MOST_SEED, Asked
from workbench.server.openai.streaming import EventStream

_SAMPLING = ("temperature", "top_p", "min_p", "repetition_penalty")
_USUAL = {"temperature": 1.0, "top_p": 1.0}
"""What OpenAI takes where nothing is said."""


class Service:
    """Answers requests. The models, and the order in which they are asked, are shared with the page."""

    def __init__(self, root: Path, chat: ChatClient) -> None:
        self._root = root
        self._chat = chat
        self._places = Places()

    async def answer(self, asked: Asked, form: Form) -> Response:
        """Raises ApiError, also for a stream that fails before its first piece."""
        questions = await run_in_threadpool(self._questions, asked)
        reply, writer = Reply(self._chat, questions, asked.stop), Writer(form, asked.model)
        if not asked.stream:
            return JSONResponse(await self._whole(reply, writer, asked))
        objects = self._stream(reply, writer, asked)
        return EventStream(await anext(objects), objects)

    async def _whole(self, reply: Reply, writer: Writer, asked: Asked) -> dict[str, Any]:
        with self._places.taken(len(reply.choices)):
            async with aclosing(reply.pieces()) as pieces:
                async for _ in pieces:
                    pass
        return writer.whole(reply.choices, count_usage(reply.choices, asked.choices))

    async def _stream(self, reply: Reply, writer: Writer, asked: Asked) -> AsyncGenerator[dict[str, Any], None]:
        with self._places.taken(len(reply.choices)):
            async with aclosing(reply.pieces()) as pieces:
                async for choice, text in pieces:
                    yield writer.piece(choice, text) | ({"usage": None} if asked.tells_usage else {})
        if asked.tells_usage:
            yield writer.usage(count_usage(reply.choices, asked.choices))

    def _questions(self, asked: Asked) -> list[Question]:
        """One for each answer, with a seed of its own."""
        _check_count(asked)
        try:
            named = directory.find(self._root, asked.model)
            seed = secrets.randbelow(MOST_SEED + 1) if asked.seed is None else asked.seed
            samplings = [sampling_of(asked, (seed + number) % (MOST_SEED + 1)) for number in range(asked.choices)]
            questions = [named.question(turns, text) for turns, text in asked.prompts()]
        except WorkbenchError as error:
            raise failed(error) from error
        for question in questions:
            _check_length(question)
        return [replace(question, sampling=sampling) for question in questions for sampling in samplings]


def sampling_of(asked: Asked, seed: int) -> Sampling:
    """Raises ApiError for a value beyond its limits."""
    given = {name: value for name in _SAMPLING if (value := getattr(asked, name)) is not None}
    # Other servers say -1 for “all”.
    top_k = 0 if asked.top_k in (None, -1) else asked.top_k
    try:
        return check(Sampling, _USUAL | given | {"top_k": top_k, "seed": seed, "max_new_tokens": asked.most_tokens})
    except SettingError as error:
        raise bad_value(error.setting, str(error)) from error


def _check_count(asked: Asked) -> None:
    count = len(list(asked.prompts())) * asked.choices
    if count > MOST_WAITING:
        raise bad_value("n", f"{count} answers are more than can be waited for at a time, which is {MOST_WAITING}.")


def _check_length(question: Question) -> None:
    try:
        check_length(question)
    except WorkbenchError as error:
        raise ApiError(413, str(error), "prompt_too_long") from error
