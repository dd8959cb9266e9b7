"""The saved conversations: a fold whose list the browser draws from what these functions tell it.

Anyone can call them, so an argument may be anything: they answer with a problem instead of failing.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.keeping import trash
from workbench.chat.keeping.conversations import Listed, list_kept, load, rename
from workbench.chat.keeping.kept import why_read_only
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.drawn import Answer, answered_in_words, draw
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page, Signal
from workbench.ui.quantities import age

_MOST_LISTED = 1000

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/kept.js").then((part) => part.start(element, {{server}}));
element.addEventListener("workbench:open-talk", (event) => trigger("open", event.detail));
"""


def build(page: Page, bring: Signal) -> None:
    """The fold. `bring` is sent the conversation that is opened, and its reference."""
    kept = draw("kept", functions(page.root), _START)

    @shown
    def on_open(event: gr.EventData) -> str:
        opened = load(page.root, str(event.id))
        return bring.send(json.dumps({"conversation": opened.conversation.to_json(), "reference": opened.reference}))

    kept.open(on_open, None, bring.output, **AT_ONCE)


def functions(root: Path) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""

    @answered_in_words
    def list_talks(arg: Answer) -> Answer:
        listed = list_kept(root)
        count = arg.get("count")
        most = min(count, _MOST_LISTED) if isinstance(count, int) and count > 0 else _MOST_LISTED
        return {"talks": [_tell(one) for one in listed[:most]], "total": len(listed)}

    @answered_in_words
    def look_into(arg: Answer) -> Answer:
        kept = load(root, _id(arg))
        has_vote = any(exchange.vote for exchange in kept.conversation.exchanges)
        answers = [{"name": name, "label": kept.names[name]} for name in kept.conversation.answerers]
        return {"answers": answers, "has_vote": has_vote, "read_only": why_read_only(root, kept)}

    @answered_in_words
    def rename_talk(arg: Answer) -> Answer:
        rename(root, _id(arg), str(arg.get("name", "")))
        return {}

    @answered_in_words
    def delete_talk(arg: Answer) -> Answer:
        trash.delete(root, _id(arg))
        return {}

    @answered_in_words
    def undelete_talk(arg: Answer) -> Answer:
        trash.undelete(root, _id(arg))
        return {}

    return [list_talks, look_into, rename_talk, delete_talk, undelete_talk]


def _id(arg: Answer) -> str:
    return str(arg.get("id", ""))


def _tell(listed: Listed) -> Answer:
    """One line of the list."""
    return {
        "id": listed.id,
        "title": listed.title,
        "run": listed.lead_name,
        "questions": listed.questions,
        "changed": age(time.time() - listed.changed),
        "problem": listed.problem,
    }
