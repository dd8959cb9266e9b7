"""The page's and the command line's end of the chat: starts the worker, puts questions, hands on events. No torch."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.chat.protocol import Event, Question
from workbench.errors import WorkbenchError
from workbench.jobs.environment import worker_environment


class ChatClient:
    """One worker, started with the first question. Questions from several threads are answered one after another."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._turn = threading.Lock()
        self._worker: subprocess.Popen[str] | None = None

    def ask(self, question: Question) -> Iterator[Event]:
        """The events of the answers as they come; closing the iterator stops them.

        Raises WorkbenchError if the question cannot be answered, or the worker ends.
        """
        with self._turn:
            worker = self._ready()
            _send(worker, {"op": "ask", "question": question.to_json()})
            ended = False
            try:
                for event in self._events(worker):
                    ended = event.kind == "end"
                    yield event
            finally:
                if not ended and worker.poll() is None:
                    _send(worker, {"op": "stop"})
                    for _ in self._events(worker):
                        pass

    def stop(self) -> None:
        """Stop the answers that are being written, from any thread."""
        if self._worker and self._worker.poll() is None:
            _send(self._worker, {"op": "stop"})

    def close(self) -> None:
        """End the worker, which gives all its memory back."""
        if self._worker:
            self._worker.kill()
            self._worker.wait()
            self._worker = None

    def _ready(self) -> subprocess.Popen[str]:
        if self._worker is None or self._worker.poll() is not None:
            self._worker = _start(self._log)
        return self._worker

    def _events(self, worker: subprocess.Popen[str]) -> Iterator[Event]:
        """Up to and including the end. An error is raised once the worker is ready for the next question."""
        failure: Event | None = None
        assert worker.stdout is not None
        for line in worker.stdout:
            event = Event(**json.loads(line))
            if event.kind == "error":
                failure = event
                continue
            yield event
            if event.kind == "end":
                break
        else:
            worker.wait()
            raise WorkbenchError("The chat's process ended unexpectedly.", "Ask again: it is started anew.")
        if failure:
            raise WorkbenchError(failure.text, failure.hint)


def _start(log: Path) -> subprocess.Popen[str]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "workbench.chat.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=worker_environment(),
            text=True,
            encoding="utf-8",
        )


def _send(worker: subprocess.Popen[str], request: dict[str, Any]) -> None:
    assert worker.stdin is not None
    try:
        worker.stdin.write(json.dumps(request) + "\n")
        worker.stdin.flush()
    except BrokenPipeError as error:
        raise WorkbenchError("The chat's process has ended.", "Ask again: it is started anew.") from error
