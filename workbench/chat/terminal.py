"""Chat on a terminal."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from workbench.chat.client import ChatClient
from workbench.chat.protocol import Turn
from workbench.chat.questions import ORIGINAL, TUNED, question_for
from workbench.runs.run_dir import RunDir


def compare(run: RunDir, prompt: str) -> list[dict[str, str]]:
    """The original's and the tuned model's answer to one question."""
    asked = [{"role": "user", "content": prompt}]
    texts = {ORIGINAL: "", TUNED: ""}
    with _client(run.root) as client:
        for event in client.ask(question_for(run, {name: asked for name in texts})):
            if event.kind in ("text", "done"):
                texts[event.target] += event.text
    names = {ORIGINAL: run.config().model.path, TUNED: run.id}
    return [{"model": names[name], "text": text.strip()} for name, text in texts.items()]


def talk(run: RunDir) -> Iterator[str]:
    """Answer the lines of standard input; yields pieces of text to print."""
    messages: list[Turn] = []
    with _client(run.root) as client:
        yield f"{run.name}: ask something; an empty line ends.\n> "
        while prompt := sys.stdin.readline().strip():
            messages.append({"role": "user", "content": prompt})
            answer = ""
            for event in client.ask(question_for(run, {TUNED: messages})):
                if event.kind in ("text", "done"):
                    answer += event.text
                    yield event.text
            messages.append({"role": "assistant", "content": answer})
            yield "\n> "


@contextmanager
def _client(root: Path) -> Iterator[ChatClient]:
    with closing(ChatClient(root / "cache" / "chat.log")) as client:
        yield client
