"""Talking: one question, answered by the original and by up to six results side by side."""

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

from workbench.ui.chat import view
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page, Signal


@dataclass(frozen=True)
class Held:
    """By what the parts around the view know of its conversation, and change it."""

    conversation: gr.Textbox
    """Hidden; the conversation as JSON whenever it stands still, and "" before there is one."""
    bring: Signal
    """Go on with this conversation: JSON of `conversation` and its `reference`."""
    better: Signal
    """A better answer is to be written: JSON of `exchange`, which question, and `name`, whose answer."""


def build(page: Page) -> None:
    talk = view.build(page.root, page.chat)
    held = Held(
        gr.Textbox(visible="hidden", elem_id="talk-held", container=False, label="talk-held"),
        Signal("talk-bring"),
        Signal("talk-better"),
    )
    connect(page, talk, held)


def connect(page: Page, talk: gr.HTML, held: Held) -> None:
    """What other tabs send goes into the view, and what is said in it to the parts around it."""

    @shown
    def on_talked(event: gr.EventData) -> str:
        return json.dumps(event.conversation)

    @shown
    def on_better(event: gr.EventData) -> str:
        return held.better.send(json.dumps({"exchange": event.exchange, "name": event.name}))

    talk.talked(on_talked, None, held.conversation, **AT_ONCE)
    talk.better(on_better, None, held.better.output, **AT_ONCE)
    held.bring.listen(lambda brought: _value(**json.loads(brought)), talk)
    page.open_chat.listen(lambda run_id: _value(run=run_id), talk)


def _value(**told: Any) -> str:
    return json.dumps(told)
