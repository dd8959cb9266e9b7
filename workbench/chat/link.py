"""A worker process and the talk with it: questions go in, and each one's events come out by themselves."""

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from workbench.chat.protocol import REFUSED, Event, Question
from workbench.errors import ModelError, WorkbenchError
from workbench.jobs.environment import worker_environment

_ANEW = "Ask again: it is started anew."

Inbox = queue.Queue[Event | None]
"""None: the worker has ended."""


class Link:
    """One worker, from its start to its end. Any thread may ask, stop and close."""

    def __init__(self, log: Path, worker: Sequence[str]) -> None:
        """Start it: a module and its arguments. Its errors are written to `log`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *worker],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=worker_environment(),
                text=True,
                encoding="utf-8",
            )
        self._numbers = count(1)
        self._inboxes: dict[int, Inbox] = {}
        self._access = threading.Lock()
        self._has_ended = self._is_closed = False
        threading.Thread(target=self._sort, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_open(self) -> bool:
        # A killed process may be heard to have ended before it can be seen.
        return self._process.poll() is None and not self._has_ended and not self._is_closed

    def ask(self, question: Question) -> int:
        """Put a question; returns its number. Raises WorkbenchError if the worker has ended."""
        with self._access:
            number = next(self._numbers)
            try:
                self._send({"op": "ask", "number": number, "question": question.to_json()})
            except OSError as error:
                raise WorkbenchError("The chat's process has ended.", _ANEW) from error
            self._inboxes[number] = queue.Queue()
            if self._has_ended:
                self._inboxes[number].put(None)
        return number

    def events(self, number: int) -> Iterator[Event]:
        """Of one question up to its end, or as far as they came when the link was closed.

        Raises ModelError for what cannot be answered, WorkbenchError for what failed or if the worker ended by itself.
        """
        failure: Event | None = None
        inbox = self._inboxes[number]
        while (event := inbox.get()) and event.kind != "end":
            if event.kind == "error":
                failure = event
            else:
                yield event
        if failure:
            kind = ModelError if failure.reason == REFUSED else WorkbenchError
            raise kind(failure.text, failure.hint)
        if event:
            yield event
        elif not self._is_closed:
            raise WorkbenchError("The chat's process ended unexpectedly.", _ANEW)

    def stop(self, number: int) -> None:
        """Stop a question; its last events still come."""
        with self._access, contextlib.suppress(OSError):  # there may be nobody left to stop
            self._send({"op": "stop", "number": number})

    def leave(self, number: int) -> None:
        """Stop a question, unless it has ended; what still comes of it is thrown away."""
        self.stop(number)
        with self._access:
            self._inboxes.pop(number, None)

    def close(self) -> None:
        """End the worker, which gives all its memory back."""
        self._is_closed = True
        self._process.kill()
        self._process.wait()

    def _sort(self) -> None:
        """Events to whose they are, until the worker ends."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            event = Event(**json.loads(line))
            with self._access:
                inbox = self._inboxes.get(event.asked)
            if inbox:
                inbox.put(event)
        with self._access:
            self._has_ended = True
            for inbox in self._inboxes.values():
                inbox.put(None)

    def _send(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
