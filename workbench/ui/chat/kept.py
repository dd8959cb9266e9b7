"""The saved conversations: a fold whose list the browser draws from what these functions tell it.

Anyone can call them, so an argument may be anything: they answer with a problem instead of failing.
"""

import functools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.keeping import trash
from workbench.chat.keeping.conversations import Listed, list_kept, load, rename
from workbench.chat.keeping.kept import why_read_only
from workbench.errors import WorkbenchError
from workbench.ui.downloads import ASSETS, ASSETS_URL
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page, Signal
from workbench.ui.quantities import age

Answer = dict[str, Any]

_MOST_LISTED = 1000

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/kept.js").then((part) => part.start(element, {{server}}));
element.addEventListener("workbench:open-talk", (event) => trigger("open", event.detail));
"""


def build(page: Page, bring: Signal) -> None:
    """The fold. `bring` is sent the conversation that is opened, and its reference."""
    kept = gr.HTML(
        "",
        html_template=(ASSETS / "kept.html").read_text(encoding="utf-8"),
        js_on_load=_START,
        server_functions=functions(page.root),
        head=f'<link rel="stylesheet" href="{ASSETS_URL}/kept.css">',
        apply_default_css=False,
        elem_id="kept",
    )

    @shown
    def on_open(event: gr.EventData) -> str:
        opened = load(page.root, str(event.id))
        return bring.send(json.dumps({"conversation": opened.conversation.to_json(), "reference": opened.reference}))

    kept.open(on_open, None, bring.output, **AT_ONCE)


def functions(root: Path) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""

    @_answered
    def list_talks(arg: Answer) -> Answer:
        listed = list_kept(root)
        count = arg.get("count")
        most = min(count, _MOST_LISTED) if isinstance(count, int) and count > 0 else _MOST_LISTED
        return {"talks": [_tell(one) for one in listed[:most]], "total": len(listed)}

    @_answered
    def look_into(arg: Answer) -> Answer:
        kept = load(root, _id(arg))
        has_vote = any(exchange.vote for exchange in kept.conversation.exchanges)
        answers = [{"name": name, "label": kept.names[name]} for name in kept.conversation.answerers]
        return {"answers": answers, "has_vote": has_vote, "read_only": why_read_only(root, kept)}

    @_answered
    def rename_talk(arg: Answer) -> Answer:
        rename(root, _id(arg), str(arg.get("name", "")))
        return {}

    @_answered
    def delete_talk(arg: Answer) -> Answer:
        trash.delete(root, _id(arg))
        return {}

    @_answered
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


def _answered(answer: Callable[[Answer], Answer]) -> Callable[[Any], Answer]:
    """Tell what is wrong as an answer, where the browser can show it in its place."""

    @functools.wraps(answer)
    def call(arg: Any) -> Answer:
        try:
            return answer(arg if isinstance(arg, dict) else {})
        except WorkbenchError as error:
            return {"problem": str(error)}

    return call
