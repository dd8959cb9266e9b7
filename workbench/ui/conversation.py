"""What stands in a pane of the chat: gradio's messages, our turns, and the line below them."""

import time
from itertools import pairwise
from typing import Any

from workbench.chat.protocol import Event, Turn
from workbench.ui import text_chat

_REDRAW_SECONDS = 0.06
_ENDINGS = {"context": text_chat.FULL, "length": text_chat.CUT, "stopped": text_chat.STOPPED}


class Pane:
    """One answerer's side of the conversation while an answer is written into it."""

    def __init__(self, shown: list[dict[str, Any]]) -> None:
        self.turns = to_turns(shown)
        self.note = ""

    def ask(self, prompt: str, system: str) -> tuple[Turn, ...]:
        """Add a question; returns what the model is to read."""
        self.turns.append({"role": "user", "content": prompt})
        opening = [{"role": "system", "content": system}] if system else []
        asked = (*opening, *_answered(self.turns))
        self.turns.append({"role": "assistant", "content": ""})
        return asked

    def take(self, event: Event) -> None:
        """Let an event of the answer show."""
        if event.kind in ("text", "done"):
            self.turns[-1]["content"] += event.text
        if event.kind == "loading":
            self.note = text_chat.LOADING
        elif event.kind == "text":
            self.note = text_chat.WRITING
        elif event.kind == "done":
            ending = _ENDINGS.get(event.reason, "")
            is_silent = not self.turns[-1]["content"].strip()
            self.note = ending or text_chat.SILENT if is_silent else f"{speed(event)} {ending}".strip()

    def drawn(self) -> list[dict[str, Any]]:
        """The turns for gradio: it takes the indentation out of any text that does not stand in a block."""
        return [{"role": turn["role"], "content": [{"type": "text", "text": turn["content"]}]} for turn in self.turns]


class Redraw:
    """Whether it is time to draw again: tokens come faster than anyone can read."""

    def __init__(self) -> None:
        self._drawn_at = 0.0

    def is_due(self, event: Event) -> bool:
        due = event.kind != "text" or time.monotonic() - self._drawn_at > _REDRAW_SECONDS
        if due:
            self._drawn_at = time.monotonic()
        return due


def to_turns(shown: list[dict[str, Any]]) -> list[Turn]:
    """Gradio's messages, whose content is a list of blocks, as plain turns; empty answers are left out."""
    turns = [{"role": message["role"], "content": _text_of(message["content"])} for message in shown]
    return [turn for turn in turns if turn["role"] == "user" or turn["content"].strip()]


def speed(event: Event) -> str:
    """The line below a finished answer."""
    rate = event.tokens / event.seconds if event.seconds else 0.0
    return text_chat.SPEED.format(tokens=event.tokens, rate=rate, first=event.first_seconds)


def _answered(turns: list[Turn]) -> list[Turn]:
    """Without the questions that got no answer: some chat templates refuse two questions in a row."""
    return [turn for turn, after in pairwise(turns) if turn["role"] != after["role"]] + turns[-1:]


def _text_of(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "".join(block["text"] for block in content if block.get("type") == "text")
