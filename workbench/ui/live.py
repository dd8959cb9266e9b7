"""The live view of a run: one component that asks for what is new once a second and draws it in the browser."""

from pathlib import Path
from typing import Any

import gradio as gr

from workbench.runs.run_dir import RunDir
from workbench.ui.advice import advise_on
from workbench.ui.again import offer_less
from workbench.ui.control import control
from workbench.ui.downloads import ASSETS, ASSETS_URL
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page
from workbench.ui.polls import RUN_URL

_SHEETS = (
    "vendor/uPlot.min",
    "live",
    "live/progress",
    "live/charts",
    "live/parts",
    "live/result",
    "live/advice",
    "live/again",
    "live/finish",
)

# Gradio looks for the quoted name of an event in this text before it lets Python listen to it. The address is given in
# full: a browser may keep this code compiled, and with it the base of the page it came from first, on another port.
_START = f"""
import(location.origin + "{ASSETS_URL}/live.js").then((live) => {{
  live.start(element, {{server, props, watch, url: "{RUN_URL}"}});
}});
element.addEventListener("workbench:open-chat", (event) => trigger("open_chat", event.detail));
element.addEventListener("workbench:try-change", (event) => trigger("try_change", event.detail));
element.addEventListener("workbench:start-again", (event) => trigger("start_again", event.detail));
element.addEventListener("workbench:train-further", (event) => trigger("train_further", event.detail));
element.addEventListener("workbench:take-home", (event) => trigger("take_home", event.detail));
"""


def build(root: Path) -> gr.HTML:
    """The component. Its value is the id of the run it shows, set by any handler; empty is the one that trains, else
    the newest.

    `component.open_chat(handler)` listens to the button that leads to the chat; its event holds `run`.
    `component.try_change(handler)` listens to the button below an advice; its event holds `run` and `complaint`.
    `component.start_again(handler)` listens to the buttons below a run that ran out of memory; their event holds `run`,
    `settings` and `sentence`.
    `component.train_further(handler)` listens to the buttons that train it further; their event holds `run`.
    `component.take_home(handler)` listens to the button that leads to its export; its event holds `run`.
    """

    def control_run(arg: Any) -> dict[str, Any]:
        return control(root, arg)

    def advise(arg: Any) -> dict[str, Any]:
        return advise_on(root, arg)

    def lighten(arg: Any) -> dict[str, Any]:
        return offer_less(root, arg)

    return gr.HTML(
        "",
        html_template=(ASSETS / "live.html").read_text(encoding="utf-8"),
        js_on_load=_START,
        server_functions=[control_run, advise, lighten],
        head=_head(),
        apply_default_css=False,
    )


def lead_home(live: Any, page: Page) -> None:
    """Let the button of a result lead to where it is exported."""

    @shown
    def on_home(event: gr.EventData) -> str:
        return page.take_home.send(RunDir.open(page.root, str(event.run)).id)

    live.take_home(on_home, None, page.take_home.output, **AT_ONCE)


def _head() -> str:
    links = "".join(f'<link rel="stylesheet" href="{ASSETS_URL}/{sheet}.css">' for sheet in _SHEETS)
    return f'{links}<script src="{ASSETS_URL}/vendor/uPlot.iife.min.js"></script>'
