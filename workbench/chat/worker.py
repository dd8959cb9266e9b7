"""The process that holds a model for chat. Run as `python -m workbench.chat.worker`, by its client.

It reads questions from its standard input and writes events to its standard output, one JSON object a line each. It
ends when its input ends, so that it cannot outlive whoever asked.
"""

import json
import os
import queue
import sys
import threading
import traceback
from typing import TextIO

from workbench.chat.generate import answers
from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Event, Question
from workbench.errors import WorkbenchError


class Worker:
    """Answers questions one after another; a stop is heard between two tokens."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._questions: queue.Queue[Question | None] = queue.Queue()
        self._stop = threading.Event()
        self._model: LoadedModel | None = None

    def listen(self, lines: TextIO) -> None:
        """Take in questions and stops until the input ends."""
        for line in lines:
            request = json.loads(line)
            if request["op"] == "stop":
                self._stop.set()
            else:
                self._stop.clear()
                self._questions.put(Question.from_json(request["question"]))
        self._stop.set()
        self._questions.put(None)

    def work(self) -> None:
        """Answer until the input has ended."""
        while question := self._questions.get():
            self._answer(question)
            self._say(Event("end"))

    def _answer(self, question: Question) -> None:
        try:
            for event in answers(self._ready(question), question, self._stop.is_set):
                self._say(event)
        except WorkbenchError as error:
            self._say(Event("error", text=error.message, hint=error.hint))
        except MemoryError:
            self._say(Event("error", text="There is not enough memory for this model.", hint="Choose a smaller one."))
        except Exception as error:  # noqa: BLE001 - the edge of the process: a defect is told, and does not end it
            traceback.print_exc()
            self._say(Event("error", text=f"The answer failed: {error}", hint="Try again; the terminal has details."))

    def _ready(self, question: Question) -> LoadedModel:
        """The question's base model; one at a time is in memory."""
        if self._model is None or not self._model.serves(question):
            self._model = None
            self._say(Event("loading"))
            self._model = LoadedModel(question.model, question.precision, question.template)
        return self._model

    def _say(self, event: Event) -> None:
        print(json.dumps(event.to_json()), file=self._output, flush=True)


def main() -> None:
    # Libraries that print must not get between our lines: they find standard error where standard output was.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(channel)
    threading.Thread(target=worker.listen, args=(sys.stdin,), daemon=True).start()
    worker.work()


if __name__ == "__main__":
    main()
