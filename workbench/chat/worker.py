"""The process that holds a model for chat. Run as `python -m workbench.chat.worker KERNELS_FOLDER`, by its client.

It reads questions from its standard input and writes events to its standard output, one JSON object a line each. It
ends when its input ends, so that it cannot outlive whoever asked.
"""

import json
import os
import queue
import sys
import threading
import traceback
from pathlib import Path
from typing import TextIO

from workbench.chat.generate import Round
from workbench.chat.models import LoadedModel, load_model
from workbench.chat.protocol import Event, Question
from workbench.errors import WorkbenchError

_DETAILS = "Try again; cache/chat.log in the workspace has the details."


class Worker:
    """Answers questions one after another; a stop is heard while it loads, reads or writes."""

    def __init__(self, output: TextIO, kernels_folder: Path) -> None:
        self._output = output
        self._kernels_folder = kernels_folder
        self._rounds: queue.Queue[Round | None] = queue.Queue()
        self._model: LoadedModel | None = None

    def listen(self, lines: TextIO) -> None:
        """Take in questions and stops until the input ends."""
        latest: Round | None = None
        for line in lines:
            request = json.loads(line)
            if request["op"] == "ask":
                latest = Round(Question.from_json(request["question"]))
                self._rounds.put(latest)
            elif latest:
                latest.stop()
        if latest:
            latest.stop()
        self._rounds.put(None)

    def work(self) -> None:
        """Answer until the input has ended."""
        while asked := self._rounds.get():
            self._answer(asked)
            self._say(Event("end"))

    def _answer(self, asked: Round) -> None:
        try:
            for event in asked.answers(self._ready(asked.question)):
                self._say(event)
        except WorkbenchError as error:
            self._say(Event("error", text=error.message, hint=error.hint))
        except MemoryError:
            self._say(Event("error", text="There is not enough memory for this model.", hint="Choose a smaller one."))
        except Exception as error:  # noqa: BLE001 - the edge of the process: a defect is told, and does not end it
            traceback.print_exc()
            self._say(Event("error", text=f"The answer failed: {error}", hint=_DETAILS))

    def _ready(self, question: Question) -> LoadedModel:
        """The question's base model; one at a time is in memory."""
        if self._model is None or not self._model.serves(question):
            self._model = None
            self._say(Event("loading"))
            self._model, reason = load_model(question, self._kernels_folder)
            self._say(Event("loaded", reason=reason))
        return self._model

    def _say(self, event: Event) -> None:
        print(json.dumps(event.to_json()), file=self._output, flush=True)


def main() -> None:
    # Libraries that print must not get between our lines: they find standard error where standard output was.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(channel, Path(sys.argv[1]))
    threading.Thread(target=worker.listen, args=(sys.stdin,), daemon=True).start()
    worker.work()


if __name__ == "__main__":
    main()
