"""The Data tab's view: one component that draws, in the browser, what these functions tell it of the chosen data.

Anyone can call them, so an argument may be anything: they answer with a problem instead of failing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import DataError
from workbench.ui import text_data as text
from workbench.ui.data import rows as data_rows
from workbench.ui.data import sets as data_sets
from workbench.ui.data.desk import Desk
from workbench.ui.data.snapshot import snapshot
from workbench.ui.downloads import ASSETS, ASSETS_URL
from workbench.ui.drawn import Answer, answered

_SHEETS = ("data", "data/row", "data/parts")

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/data.js").then((data) => data.start(element, {{server, props, watch, trigger}}));
element.addEventListener("workbench:put-settings", (event) => trigger("put_settings", event.detail));
element.addEventListener("workbench:use-set", (event) => trigger("use_set", event.detail));
"""


def build(root: Path) -> gr.HTML:
    """The component. Its value is JSON: the dotted settings of the form.

    `component.put_settings(handler)` and `component.use_set(handler)` listen to the user's changes; their events hold
    dotted `settings`.
    """
    desk = Desk(root)
    return gr.HTML(
        "",
        html_template=(ASSETS / "data.html").read_text(encoding="utf-8"),
        js_on_load=_START,
        server_functions=functions(desk),
        head="".join(f'<link rel="stylesheet" href="{ASSETS_URL}/{sheet}.css">' for sheet in _SHEETS),
        apply_default_css=False,
        elem_id="data-view",
    )


def functions(desk: Desk) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""

    @answered
    def look(arg: Answer) -> Answer:
        return snapshot(desk, arg.get("settings"))

    @answered
    def list_rows(arg: Answer) -> Answer:
        looked = desk.ready(arg.get("settings"))
        return data_rows.page(looked, _text(arg, "filter"), _text(arg, "words"), _number(arg, "page"))

    @answered
    def open_row(arg: Answer) -> Answer:
        return data_rows.whole(desk.ready(arg.get("settings")), _number(arg, "row"))

    @answered
    def step(arg: Answer) -> Answer:
        looked = desk.ready(arg.get("settings"))
        row, step = arg.get("row"), _number(arg, "step")
        found = data_rows.neighbour(looked, _text(arg, "filter"), _text(arg, "words"), row, step)
        return {} if found is None else data_rows.whole(looked, found)

    @answered
    def cancel(arg: Answer) -> Answer:
        choice = desk.choose(arg.get("settings"))
        if choice:
            desk.preparation(choice).cancel(choice.model_path)
        return {}

    @answered
    def save_rows(arg: Answer) -> Answer:
        return data_sets.save_rows(desk, arg.get("settings"), arg.get("changes"))

    @answered
    def change_set(arg: Answer) -> Answer:
        return data_sets.change_set(desk.root, _text(arg, "action"), _text(arg, "name"), _number(arg, "version"))

    return [look, list_rows, open_row, step, cancel, save_rows, change_set]


def _text(arg: Answer, name: str) -> str:
    value = arg.get(name, "")
    return value if isinstance(value, str) else ""


def _number(arg: Answer, name: str) -> int:
    value = arg.get(name, 0)
    if not isinstance(value, int):
        raise DataError(text.NO_ROW, text.CHOOSE_ROW)
    return value
