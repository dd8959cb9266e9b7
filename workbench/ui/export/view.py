"""Taking a result home: one component, drawn in the browser, that says what cannot be before it is begun.

Anyone can call these functions, so an argument may be anything: they answer with a problem instead of failing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import RunError
from workbench.export import job as exporting
from workbench.runs.run_dir import RunDir
from workbench.ui import text_export as text
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.drawn import Answer, answered, draw
from workbench.ui.export import shelf
from workbench.ui.export.author import keep_answers
from workbench.ui.export.choices import tell_choices
from workbench.ui.export.push import push_functions
from workbench.ui.export.tales import tell_line, tell_made, tell_state
from workbench.ui.export.wish import command_for, read_request

_SHEETS = ("talk", "export")

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/export.js").then((part) => part.start(element, {{server, props, watch}}));
element.addEventListener("workbench:train", (event) => trigger("train", event.detail));
element.addEventListener("workbench:bring", (event) => trigger("bring", event.detail));
element.addEventListener("workbench:talk", (event) => trigger("talk", event.detail));
"""


def build(root: Path) -> gr.HTML:
    """The component. Its value is JSON: a `run` to be taken home.

    `component.train(handler)` and `component.bring(handler)` listen to the buttons that lead to a first result,
    `component.talk(handler)` to those that lead to a chat; their event holds `file`, by the name that Chat has for it.
    """
    return draw("export", functions(root), _START, _SHEETS)


def functions(root: Path) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""

    @answered
    def export_look(arg: Answer) -> Answer:
        latest = shelf.latest(root)
        state = {"latest": tell_state(latest) if latest else None}
        return tell_choices(root, str(arg.get("run", ""))) | state | _tell_list(root)

    @answered
    def export_plan(arg: Answer) -> Answer:
        request = read_request(root, arg)
        exporting.check(root, request)
        return {"name": request.out.name, "place": str(request.out), "command": command_for(request)}

    @answered
    def export_say(arg: Answer) -> Answer:
        keep_answers(RunDir.open(root, str(arg.get("run", ""))), arg.get("answers"))
        return {}

    @answered
    def export_start(arg: Answer) -> Answer:
        return tell_state(exporting.start(root, read_request(root, arg)))

    @answered
    def export_state(arg: Answer) -> Answer:
        return tell_state(shelf.find(root, _id(arg)))

    @answered
    def export_cancel(arg: Answer) -> Answer:
        job = shelf.find(root, _id(arg))
        if not job.goes_on:
            raise RunError(text.NOT_UNDER_WAY, text.NOTHING_TO_CANCEL)
        job.request_stop()
        return tell_state(job)

    under_way = [export_look, export_plan, export_say, export_start, export_state, export_cancel]
    return [*under_way, *_list_functions(root), *push_functions(root)]


def _list_functions(root: Path) -> list[Callable[[Any], Answer]]:
    @answered
    def export_open(arg: Answer) -> Answer:
        return tell_made(shelf.find_made(root, _id(arg)))

    @answered
    def export_delete(arg: Answer) -> Answer:
        shelf.delete(root, _id(arg))
        return _tell_list(root)

    @answered
    def export_undelete(arg: Answer) -> Answer:
        shelf.undelete(root, _id(arg))
        return _tell_list(root)

    return [export_open, export_delete, export_undelete]


def _tell_list(root: Path) -> Answer:
    return {"made": [tell_line(job) for job in shelf.made(root)]}


def _id(arg: Answer) -> str:
    return str(arg.get("id", ""))
