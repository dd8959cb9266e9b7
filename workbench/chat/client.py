"""The page's, the API's and the command line's end of the chat: starts the worker, puts questions. No torch."""

import threading
from collections.abc import Generator
from pathlib import Path

from workbench.chat.link import Link
from workbench.chat.protocol import LLAMA, Event, Question
from workbench.errors import WorkbenchError
from workbench.hardware.anonymous import anonymous_bytes

IDLE_SECONDS = 600.0
"""How long a worker may keep its memory while nobody asks, unless it is said."""

MOST_CHARACTERS = 200_000
"""In a conversation; no model here reads more, and cutting it into tokens takes seconds."""

Worker = tuple[str, ...]
"""A module to be run, and its arguments."""


class ChatClient:
    """One worker for models and one for GGUF files, each started with the first question that needs it.

    Questions from several threads are answered side by side. The kernels of the fast path are kept beside the log.
    """

    def __init__(self, log: Path, idle_seconds: float = IDLE_SECONDS) -> None:
        """With 0 `idle_seconds`, the workers keep their memory until `close`."""
        self._log = log
        self._idle_seconds = idle_seconds
        self._access = threading.Lock()
        self._links: dict[Worker, Link] = {}
        self._askers: dict[tuple[Link, int], str] = {}
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
            self._end(link, number)

    def stop(self, asker: str = "") -> None:
        """Stop the answers to what `asker` asked, from any thread."""
        with self._access:
            asked = [question for question, whose in self._askers.items() if whose == asker]
        for link, number in asked:
            link.stop(number)

    def held_bytes(self) -> float:
        """How much memory the workers hold; 0 without one."""
        return sum(anonymous_bytes(link.pid) for link in tuple(self._links.values()) if link.is_open())

    def close(self) -> None:
        """End the workers, which gives all their memory back, from any thread; the next question starts another."""
        # First of all, since a worker that does not listen would keep whoever talks to it, and the lock.
        for link in tuple(self._links.values()):
            link.close()
        with self._access:
            self._links = {worker: link for worker, link in self._links.items() if link.is_open()}
            if not self._links:
                self._stay_awake()

    def _begin(self, question: Question, asker: str) -> tuple[Link, int]:
        with self._access:
            self._stay_awake()
            worker = self._worker_for(question)
            link = self._links.get(worker)
            if link is None or not link.is_open():
                link = self._links[worker] = Link(self._log, worker)
            number = link.ask(question)
            self._askers[link, number] = asker
            return link, number

    def _worker_for(self, question: Question) -> Worker:
        if question.engine == LLAMA:
            return ("workbench.chat.gguf.worker",)
        return "workbench.chat.worker", str(self._log.parent / "kernels")

    def _end(self, link: Link, number: int) -> None:
        with self._access:
            self._askers.pop((link, number), None)
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
            links, self._links, self._rest = tuple(self._links.values()), {}, None
        for link in links:
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
