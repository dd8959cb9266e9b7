"""The answers to one request, as they come: each is a question of its own, asked by a thread of its own.

Questions that are asked at once are answered in one batch, whoever asks them.
"""

import asyncio
import contextlib
import threading
import uuid
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing

from workbench.chat.client import ChatClient
from workbench.chat.protocol import Event, Question
from workbench.errors import WorkbenchError
from workbench.server.openai.choices import Choice
from workbench.server.openai.errors import ApiError, failed, let_go

MOST_WAITING = 64
"""Answers that may be under way or waited for at a time; each has a thread."""


class Places:
    """How many more answers can be waited for. Not for several threads: the server has one."""

    def __init__(self) -> None:
        self._free = MOST_WAITING

    @contextlib.contextmanager
    def taken(self, count: int) -> Iterator[None]:
        """Raises ApiError where there are too few."""
        if count > self._free:
            message = f"{MOST_WAITING} answers are waited for already. Ask again when some of them are done."
            raise ApiError(429, message, "too_many_requests")
        self._free -= count
        try:
            yield
        finally:
            self._free += count


class Reply:
    """All choices of one request."""

    def __init__(self, chat: ChatClient, questions: list[Question], stops: list[str]) -> None:
        self.choices = [Choice(index, stops) for index in range(len(questions))]
        self._chat = chat
        self._questions = questions
        self._askers = [f"api-{uuid.uuid4().hex}" for _ in questions]
        self._is_left = threading.Event()
        self._loop = asyncio.get_running_loop()
        self._inbox: asyncio.Queue[tuple[int, Event | WorkbenchError | None]] = asyncio.Queue()

    async def pieces(self) -> AsyncGenerator[tuple[Choice, str], None]:
        """Of each that it begins, what is new to show, and that it ends; closing it stops all. Raises ApiError."""
        for index in range(len(self._questions)):
            threading.Thread(target=self._ask, args=(index,), daemon=True).start()
        try:
            while any(choice.finish_reason is None for choice in self.choices):
                index, told = await self._inbox.get()
                choice = self.choices[index]
                if choice.finish_reason is not None:
                    continue
                if told is None:
                    raise let_go()
                if isinstance(told, WorkbenchError):
                    raise failed(told)
                text = self._take(choice, told)
                if text or choice.finish_reason or told.kind == "begun":
                    yield choice, text
        finally:
            self._is_left.set()
            self._stop([choice for choice in self.choices if choice.finish_reason is None])

    def _take(self, choice: Choice, told: Event) -> str:
        shown = choice.take(told)
        if choice.finish_reason and told.kind != "done":
            self._stop([choice])
        return shown

    def _stop(self, choices: list[Choice]) -> None:
        # In a thread each: the line to a worker that does not read may be full.
        for choice in choices:
            threading.Thread(target=self._chat.stop, args=(self._askers[choice.index],), daemon=True).start()

    def _ask(self, index: int) -> None:
        """In a thread: hand on what is told of one question until nobody listens, and that it has ended."""
        try:
            with closing(self._chat.ask(self._questions[index], self._askers[index])) as events:
                for event in events:
                    if self._is_left.is_set():
                        return
                    self._tell(index, event)
        except WorkbenchError as error:
            self._tell(index, error)
        finally:
            self._tell(index, None)

    def _tell(self, index: int, told: Event | WorkbenchError | None) -> None:
        with contextlib.suppress(RuntimeError):  # the server has closed
            self._loop.call_soon_threadsafe(self._inbox.put_nowait, (index, told))
