"""Views that are drawn in the browser by scripts of ours, and what those may ask of Python.

Anyone can call the functions, so an argument may be anything: they answer with a problem instead of failing.
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any

import gradio as gr

from workbench.errors import SettingError, WorkbenchError
from workbench.ui.downloads import ASSETS, ASSETS_URL

Answer = dict[str, Any]


def draw(name: str, functions: list[Callable[[Any], Answer]], script: str, sheets: Iterable[str] = ()) -> gr.HTML:
    """A component whose template, and style sheet unless `sheets` are named, are called `name` among the assets.

    `script` runs in the browser once the component is there, and may call the functions by their names.
    """
    links = (f'<link rel="stylesheet" href="{ASSETS_URL}/{sheet}.css">' for sheet in sheets or (name,))
    return gr.HTML(
        "",
        html_template=(ASSETS / f"{name}.html").read_text(encoding="utf-8"),
        js_on_load=script,
        server_functions=functions,
        head="".join(links),
        apply_default_css=False,
        elem_id=name,
    )


def answered(answer: Callable[[Answer], Answer]) -> Callable[[Any], Answer]:
    """Tell what is wrong as an answer with message, hint and setting, where the browser can show it in its place."""
    return _told(answer, _in_parts)


def answered_in_words(answer: Callable[[Answer], Answer]) -> Callable[[Any], Answer]:
    """The same in one text."""
    return _told(answer, str)


def _told(answer: Callable[[Answer], Answer], tell: Callable[[WorkbenchError], Any]) -> Callable[[Any], Answer]:
    @functools.wraps(answer)
    def call(arg: Any) -> Answer:
        try:
            return answer(arg if isinstance(arg, dict) else {})
        except WorkbenchError as error:
            return {"problem": tell(error)}

    return call


def _in_parts(error: WorkbenchError) -> dict[str, str]:
    setting = error.setting if isinstance(error, SettingError) else ""
    return {"message": error.message, "hint": error.hint, "setting": setting}
