"""What the models answer, as events in the event loop: the chat's client blocks, so each question has a thread."""

import asyncio
import contextlib
import logging
import secrets
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from typing import Protocol

from workbench.chat.protocol import Event, Question
from workbench.chat.questions import ORIGINAL, TUNED, question_for
from workbench.config.sampling import Sampling
from workbench.errors import WorkbenchError
from workbench.runs.run_dir import RunDir

_MOST_TOKENS = 200

_FAILED = Event("error", text="No answer came. Please ask again.")

_log = logging.getLogger(__name__)

Inbox = asyncio.Queue[Event | None]


class Client(Protocol):
    """What is asked of the chat's client."""

    def ask(self, question: Question, asker: str = "") -> Generator[Event, None, None]: ...

    def stop(self, asker: str = "") -> None: ...


class Answers:
    """Of one run and of its original. Nothing is random: the same question gets the same answers."""

    def __init__(self, run: RunDir, client: Client) -> None:
        self._run = run
        self._client = client

    async def ask(self, prompt: str) -> AsyncGenerator[Event, None]:
        """Both answers as they come. Whoever stops listening stops them."""
        inbox: Inbox = asyncio.Queue()
        asked = _Asked(self._run, self._client, Sampling(max_new_tokens=_MOST_TOKENS), prompt)
        loop = asyncio.get_running_loop()
        threading.Thread(target=asked.put, args=(loop, inbox), daemon=True).start()
        try:
            while event := await inbox.get():
                yield event
        finally:
            asked.leave()

    def warm(self) -> None:
        """Have the model loaded before anybody asks. Blocks; raises WorkbenchError if it cannot be."""
        turns = [{"role": "user", "content": "Hello"}]
        with closing(self._client.ask(question_for(self._run, {TUNED: turns}, Sampling(max_new_tokens=1)))) as events:
            for _ in events:
                pass


class _Asked:
    """One question on its way through a thread of its own."""

    def __init__(self, run: RunDir, client: Client, sampling: Sampling, prompt: str) -> None:
        self._run = run
        self._client = client
        self._sampling = sampling
        self._prompt = prompt
        self._asker = secrets.token_hex(8)
        self._is_left = threading.Event()

    def put(self, loop: asyncio.AbstractEventLoop, inbox: Inbox) -> None:
        """The thread: puts the question, and hands on what comes."""
        # At the end of the process the loop may be closed before the last word.
        with contextlib.suppress(RuntimeError):
            try:
                self._hand_on(loop, inbox)
            except WorkbenchError as error:
                # The audience need not know of folders and settings; the log tells the owner.
                _log.warning("%s", error)
                loop.call_soon_threadsafe(inbox.put_nowait, _FAILED)
            finally:
                loop.call_soon_threadsafe(inbox.put_nowait, None)

    def leave(self) -> None:
        """Nobody listens any more."""
        self._is_left.set()
        self._client.stop(self._asker)

    def _hand_on(self, loop: asyncio.AbstractEventLoop, inbox: Inbox) -> None:
        turns = [{"role": "user", "content": self._prompt}]
        question = question_for(self._run, {ORIGINAL: turns, TUNED: turns}, self._sampling)
        with closing(self._client.ask(question, self._asker)) as events:
            for event in events:
                if self._is_left.is_set():
                    return
                loop.call_soon_threadsafe(inbox.put_nowait, event)
