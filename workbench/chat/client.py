"""The page's, the API's and the command line's end of the chat: starts the worker, puts questions. No torch."""

import threading
from collections.abc import Generator
from pathlib import Path

from workbench.chat.link import Link
from workbench.chat.protocol import Event, Question
from workbench.errors import WorkbenchError
from workbench.hardware.anonymous import anonymous_bytes

IDLE_SECONDS = 600.0
"""How long a worker may keep its memory while nobody asks, unless it is said."""

MOST_CHARACTERS = 200_000
"""In a conversation; no model here reads more, and cutting it into tokens takes seconds."""


class ChatClient:
    """One worker, started with the first question. Questions from several threads are answered side by side.

    The kernels of the fast path are kept beside its log.
    """

    def __init__(self, log: Path, idle_seconds: float = IDLE_SECONDS) -> None:
        """With 0 `idle_seconds`, the worker keeps its memory until `close`."""
        self._log = log
        self._idle_seconds = idle_seconds
        self._access = threading.Lock()
        self._link: Link | None = None
        self._askers: dict[int, str] = {}
        self._rest: threading.Timer | None = None

    def ask(self, question: Question, asker: str = "") -> Generator[Event, None, None]:
        """The events of the answers as they come; closing the iterator stops them, and returns at once.

        Raises WorkbenchError if the question cannot be answered, or the worker ends.
        """
        check_length(question)
        link, number = self._begin(question, asker)
        try:
            yield from link.events(number)
        finally:
            link.leave(number)
            self._end(number)

    def stop(self, asker: str = "") -> None:
        """Stop the answers to what `asker` asked, from any thread."""
        with self._access:
            link, numbers = self._link, [number for number, whose in self._askers.items() if whose == asker]
        if link:
            for number in numbers:
                link.stop(number)

    def held_bytes(self) -> float:
        """How much memory the worker holds; 0 without one."""
        link = self._link
        return anonymous_bytes(link.pid) if link and link.is_open() else 0.0

    def close(self) -> None:
        """End the worker, which gives all its memory back, from any thread; the next question starts another."""
        # First of all, since a worker that does not listen would keep whoever talks to it, and the lock.
        if link := self._link:
            link.close()
        with self._access:
            if self._link is link:
                self._link = None
                self._stay_awake()

    def _begin(self, question: Question, asker: str) -> tuple[Link, int]:
        with self._access:
            self._stay_awake()
            if self._link is None or not self._link.is_open():
                self._link = Link(self._log)
                self._askers.clear()
            number = self._link.ask(question)
            self._askers[number] = asker
            return self._link, number

    def _end(self, number: int) -> None:
        with self._access:
            self._askers.pop(number, None)
            if not self._askers and self._idle_seconds:
                self._stay_awake()
                self._rest = threading.Timer(self._idle_seconds, self._end_idle)
                self._rest.daemon = True
                self._rest.start()

    def _stay_awake(self) -> None:
        if self._rest:
            self._rest.cancel()
            self._rest = None

    def _end_idle(self) -> None:
        with self._access:
            if self._rest is not threading.current_thread():
                return
            link, self._link, self._rest = self._link, None, None
        if link:
            link.close()


def check_length(question: Question) -> None:
    """Raises WorkbenchError for a conversation that is far too long to be read."""
    for target in question.targets:
        characters = len(target.text) + sum(len(turn["content"]) for turn in target.messages)
        if characters > MOST_CHARACTERS:
            raise WorkbenchError(
                f"This conversation has {characters:,} characters, and at most {MOST_CHARACTERS:,} can be read.",
                "Ask with a shorter text, or begin a new conversation.",
            )
