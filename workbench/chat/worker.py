"""The process that holds a model for chat. Run as `python -m workbench.chat.worker KERNELS_FOLDER`, by its client.

It reads questions from its standard input and writes events to its standard output, one JSON object a line each. It
ends when its input ends, so that it cannot outlive whoever asked.
"""

import json
import os
import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO

from workbench.chat.answering import Round
from workbench.chat.desk import Desk, Load
from workbench.chat.models import load_model
from workbench.chat.protocol import Event, Question


def listen(lines: TextIO, desk: Desk) -> None:
    """Bring questions and stops to the desk until the input ends; nobody waits for the answers then."""
    rounds: dict[int, Round] = {}
    for line in lines:
        request = json.loads(line)
        number = request["number"]
        if request["op"] == "ask":
            rounds[number] = Round(Question.from_json(request["question"]), number)
            desk.put(rounds[number])
        elif number in rounds:
            rounds.pop(number).stop()
    for asked in rounds.values():
        asked.stop()
    desk.close()


def say(output: TextIO, asked: Round, event: Event) -> None:
    print(json.dumps(replace(event, asked=asked.number).to_json()), file=output, flush=True)


def work(load: Load) -> None:
    """Answer questions until the input ends."""
    # Libraries that print must not get between our lines: they find standard error where standard output was.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    desk = Desk(load, partial(say, channel))
    threading.Thread(target=listen, args=(sys.stdin, desk), daemon=True).start()
    try:
        desk.work()
    except BrokenPipeError:
        os._exit(0)  # whoever asked is gone, and with them the way to say anything


def main() -> None:
    kernels_folder = Path(sys.argv[1])
    work(lambda question: load_model(question, kernels_folder))


if __name__ == "__main__":
    main()
