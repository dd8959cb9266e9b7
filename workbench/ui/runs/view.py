"""The list of runs: one component that draws, in the browser, what these functions tell it.

Anyone can call them, so an argument may be anything: they answer with a problem instead of failing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import RunError, WorkbenchError
from workbench.jobs.queue import PLACES
from workbench.runs import queue, trash
from workbench.runs.run_dir import RunDir
from workbench.training import launch
from workbench.ui import text_runs as text
from workbench.ui.downloads import ASSETS, ASSETS_URL
from workbench.ui.runs.cards import cards
from workbench.ui.runs.compare import compare
from workbench.ui.runs.shelf import Shelf

Answer = dict[str, Any]

_SHEETS = ("vendor/uPlot.min", "run_list", "runs/compare")

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/run_list.js").then((list) => list.start(element, {{server, props, watch}}));
element.addEventListener("workbench:select-run", (event) => trigger("select", event.detail));
"""


def build(root: Path) -> gr.HTML:
    """The component. `component.select(handler)` listens to a row being chosen; its event holds `run`.

    Its value is JSON: the `run` that was deleted last, with its `name`; the list then offers to bring it back.
    """
    return gr.HTML(
        "",
        html_template=(ASSETS / "run_list.html").read_text(encoding="utf-8"),
        js_on_load=_START,
        server_functions=functions(Shelf(root)),
        head=_head(),
        apply_default_css=False,
        elem_id="run-list",
    )


def functions(shelf: Shelf) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""
    root = shelf.root
    answers: dict[str, Callable[[Any], Answer | None]] = {
        "list_runs": lambda arg: cards(shelf, arg),
        "compare_runs": lambda arg: compare(shelf, arg),
        "undelete": lambda arg: {"run": trash.undelete(root, _id(arg)).id},
        "move_run": lambda arg: _move(root, arg),
        "leave_line": lambda arg: queue.leave(RunDir.open(root, _id(arg))),
        "join_line": lambda arg: launch.resume(RunDir.open(root, _id(arg))),
    }
    return [_answered(name, answer) for name, answer in answers.items()]


def _move(root: Path, arg: Any) -> None:
    asked = arg if isinstance(arg, dict) else {}
    if asked.get("to") not in PLACES:
        raise RunError(text.NO_QUESTION, text.RELOAD)
    queue.move(RunDir.open(root, _id(asked.get("run"))), asked["to"])


def _id(arg: Any) -> str:
    return arg if isinstance(arg, str) else ""


def _head() -> str:
    links = "".join(f'<link rel="stylesheet" href="{ASSETS_URL}/{sheet}.css">' for sheet in _SHEETS)
    return f'{links}<script src="{ASSETS_URL}/vendor/uPlot.iife.min.js"></script>'


def _answered(name: str, answer: Callable[[Any], Answer | None]) -> Callable[[Any], Answer]:
    """Tell what is wrong as an answer, where the browser can show it in its place."""

    def call(arg: Any) -> Answer:
        try:
            return answer(arg) or {}
        except WorkbenchError as error:
            return {"problem": str(error)}

    call.__name__ = name
    return call
