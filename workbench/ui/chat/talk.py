"""Talking: one question, answered by the original and by up to six results side by side."""

import json
import time
from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.ui.chat import better, kept, view
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page, Signal


@dataclass(frozen=True)
class Held:
    """By what the parts around the view know of its conversation, and change it."""

    bring: Signal
    """Go on with this conversation: JSON of `conversation` and its `reference`."""
    better: Signal
    """A better answer is to be written: JSON of `conversation`, `exchange` (which question), and `name` (whose)."""


def build(page: Page) -> None:
    talk = view.build(page.root, page.chat)
    held = Held(Signal("talk-bring"), Signal("talk-better"))
    better.build(page, held.better)
    kept.build(page, held.bring)
    connect(page, talk, held)


def connect(page: Page, talk: gr.HTML, held: Held) -> None:
    """What other tabs send goes into the view, and what is said in it to the parts around it."""

    @shown
    def on_better(event: gr.EventData) -> str:
        wish = {"conversation": event.conversation, "exchange": event.exchange, "name": event.name}
        return held.better.send(json.dumps(wish))

    talk.better(on_better, None, held.better.output, **AT_ONCE)
    held.bring.listen(lambda brought: _value(**json.loads(brought)), talk)
    page.open_chat.listen(lambda run_id: _value(run=run_id), talk)


def _value(**told: Any) -> str:
    """The same can be sent again."""
    # Gradio warns of what looks like a tag, though nothing of this becomes HTML.
    return json.dumps(told | {"at": str(time.time_ns())}).replace("<", "\\u003c")
