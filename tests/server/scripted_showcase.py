"""The real showcase around answers that a test knows:  python -m tests.server.scripted_showcase ROOT RUN [flags]

A question that begins with "wait" is answered when it is stopped; every other is answered with itself.
"""

import sys
import threading
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path

from workbench.chat.protocol import Event, Question
from workbench.cli import main
from workbench.server.showcase import worker


class ScriptedClient:
    """Stands where the chat's client does."""

    def __init__(self, log: Path, idle_seconds: float) -> None:
        self.stopped: defaultdict[str, threading.Event] = defaultdict(threading.Event)

    def ask(self, question: Question, asker: str = "") -> Generator[Event, None, None]:
        for target in question.targets:
            yield Event("begun", target.name)
            prompt = target.messages[-1]["content"]
            yield Event("text", target.name, prompt)
            if prompt.startswith("wait"):
                self.stopped[asker].wait()
            yield Event("done", target.name, f" says {target.name[::-1]}")
        yield Event("end")

    def stop(self, asker: str = "") -> None:
        self.stopped[asker].set()

    def close(self) -> None:
        """There is no process to end."""


if __name__ == "__main__":
    worker.__dict__["ChatClient"] = ScriptedClient
    sys.exit(main(["serve", "--root", sys.argv[1], "--showcase", *sys.argv[2:], "--no-browser"]))
