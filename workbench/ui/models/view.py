"""The ways to another model: one component that draws, in the browser, what these functions tell it.

Anyone can call them, so an argument may be anything: they answer with a problem instead of failing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.models.hub import download
from workbench.models.hub.request import ModelRequest
from workbench.ui.downloads import ASSETS, ASSETS_URL
from workbench.ui.drawn import Answer, answered_in_words
from workbench.ui.models.copying import tell_guide
from workbench.ui.models.fetching import tell_latest
from workbench.ui.models.found import find_models
from workbench.ui.models.offers import list_offers, weigh

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/models.js").then((models) => models.start(element, {{server, props, watch}}));
element.addEventListener("workbench:use-model", (event) => trigger("use_model", event.detail));
element.addEventListener("workbench:look-again", (event) => trigger("look_again", event.detail));
"""


def build(root: Path) -> gr.HTML:
    """The component. Its value is set once the form is there, into which a download puts its model.

    `component.use_model(handler)` listens to a model being picked, or having arrived; its event holds `model`.
    `component.look_again(handler)` listens to the wish to have the menu listed anew.
    """
    return gr.HTML(
        "",
        html_template=(ASSETS / "models.html").read_text(encoding="utf-8"),
        js_on_load=_START,
        server_functions=functions(root),
        head=f'<link rel="stylesheet" href="{ASSETS_URL}/models.css">',
        apply_default_css=False,
        elem_id="other-model",
    )


def functions(root: Path) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""

    @answered_in_words
    def models_here(_: Answer) -> Answer:
        return {"rows": find_models(root), "folder": str(root / "models")}

    @answered_in_words
    def model_offers(_: Answer) -> Answer:
        return {"offers": list_offers(root)}

    @answered_in_words
    def weigh_model(arg: Answer) -> Answer:
        return weigh(root, _request(arg))

    @answered_in_words
    def fetch_model(arg: Answer) -> Answer:
        download.start(root, _request(arg))
        return tell_latest(root)

    @answered_in_words
    def fetch_state(_: Answer) -> Answer:
        return tell_latest(root)

    @answered_in_words
    def cancel_fetch(_: Answer) -> Answer:
        download.cancel(root)
        return tell_latest(root)

    @answered_in_words
    def copy_guide(arg: Answer) -> Answer:
        return tell_guide(root, _text(arg, "typed"))

    return [models_here, model_offers, weigh_model, fetch_model, fetch_state, cancel_fetch, copy_guide]


def _request(arg: Answer) -> ModelRequest:
    return ModelRequest(_text(arg, "id"), _text(arg, "revision"))


def _text(arg: Answer, name: str) -> str:
    value = arg.get(name, "")
    return value.strip() if isinstance(value, str) else ""
