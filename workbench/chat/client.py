"""The page's and the command line's end of the chat: starts the worker, puts questions, hands on events. No torch."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from workbench.chat.protocol import Event, Question
from workbench.errors import WorkbenchError
from workbench.hardware.usage import tree_bytes
from workbench.jobs.environment import worker_environment

IDLE_SECONDS = 600.0
"""How long a worker may keep its memory while nobody asks."""


class ChatClient:
    """One worker, started with the first question. Questions from several threads are answered one after another.

    The kernels of the fast path are kept beside its log.
    """

    def __init__(self, log: Path) -> None:
        self._log = log
        self._turn = threading.Lock()
        self._sending = threading.Lock()
        self._worker: subprocess.Popen[str] | None = None
        self._is_answering = False
        self._rest: threading.Timer | None = None

    def ask(self, question: Question) -> Generator[Event, None, None]:
        """The events of the answers as they come; closing the iterator stops them, and returns at once.

        Raises WorkbenchError if the question cannot be answered, or the worker ends.
        """
        with self._turn:
            worker = self._ready()
            self._send(worker, {"op": "ask", "question": question.to_json()})
            self._is_answering = True
            try:
                yield from self._events(worker)
            finally:
                # Whoever closes this may not wait, so what is left to read is read before the next question.
                if self._is_answering:
                    self.stop()
                self._rest_later()

    def stop(self) -> None:
        """Stop the answers that are being written, from any thread."""
        worker = self._worker
        if worker and worker.poll() is None:
            with contextlib.suppress(WorkbenchError):
                self._send(worker, {"op": "stop"})

    def held_bytes(self) -> float:
        """How much memory the worker holds; 0 without one."""
        worker = self._worker
        return tree_bytes(worker.pid) if worker else 0.0

    def close(self) -> None:
        """End the worker, which gives all its memory back, from any thread; the next question starts another."""
        rest, worker, self._worker = self._rest, self._worker, None
        if rest:
            rest.cancel()
        if worker:
            worker.kill()
            worker.wait()

    def _ready(self) -> subprocess.Popen[str]:
        """A worker that waits for a question."""
        if self._rest:
            self._rest.cancel()
            self._rest = None
        worker = self._worker
        if worker and self._is_answering:
            for _ in self._lines(worker):
                pass
        if worker is None or worker.poll() is not None:
            worker = self._worker = _start(self._log)
        return worker

    def _events(self, worker: subprocess.Popen[str]) -> Iterator[Event]:
        """Up to and including the end, or as far as they came when the worker was closed.

        An error is raised once the worker is ready for the next question.
        """
        failure: Event | None = None
        for event in self._lines(worker):
            if event.kind == "error":
                failure = event
            else:
                yield event
        if worker.poll() is not None and worker is self._worker:
            raise WorkbenchError("The chat's process ended unexpectedly.", "Ask again: it is started anew.")
        if failure:
            raise WorkbenchError(failure.text, failure.hint)

    def _lines(self, worker: subprocess.Popen[str]) -> Iterator[Event]:
        """All that the worker says until it is ready again or has ended."""
        assert worker.stdout is not None
        for line in worker.stdout:
            event = Event(**json.loads(line))
            self._is_answering = event.kind != "end"
            yield event
            if not self._is_answering:
                return
        self._is_answering = False
        worker.wait()

    def _send(self, worker: subprocess.Popen[str], request: dict[str, Any]) -> None:
        assert worker.stdin is not None
        try:
            with self._sending:
                worker.stdin.write(json.dumps(request) + "\n")
                worker.stdin.flush()
        except BrokenPipeError as error:
            raise WorkbenchError("The chat's process has ended.", "Ask again: it is started anew.") from error

    def _rest_later(self) -> None:
        self._rest = threading.Timer(IDLE_SECONDS, self._end_idle)
        self._rest.daemon = True
        self._rest.start()

    def _end_idle(self) -> None:
        with self._turn:
            if self._rest is threading.current_thread():
                self.close()


def _start(log: Path) -> subprocess.Popen[str]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "workbench.chat.worker", str(log.parent / "kernels")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=worker_environment(),
            text=True,
            encoding="utf-8",
        )
