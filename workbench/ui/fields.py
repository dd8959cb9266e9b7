"""From a setting to its component in the form."""

from typing import Any

import gradio as gr
from gradio.components import Component

from workbench.config.fields import Leaf
from workbench.monitoring.trackers.table import TRACKERS
from workbench.ui import text


def make_field(leaf: Leaf, *, is_shown: bool = True) -> Component:
    """The component of a setting; one that knows `auto` is an empty box that shows what auto becomes."""
    spec = leaf.spec
    look: dict[str, Any] = {"label": spec.label, "info": spec.help, "elem_id": field_id(leaf.path), "visible": is_shown}
    if leaf.auto:
        return gr.Textbox(value=to_field(leaf, leaf.default), placeholder="auto", max_lines=1, **look)
    if spec.switch or leaf.kind is bool:
        if spec.switch:
            look |= {"label": spec.switch[0], "info": spec.switch[1]}
        return gr.Checkbox(value=to_field(leaf, leaf.default), **look)
    if leaf.kind is list:
        return gr.Textbox(value=to_field(leaf, leaf.default), lines=3, max_lines=8, **look)
    if spec.choices or spec.several:
        return _make_list(leaf, look)
    if leaf.kind in (int, float):
        # No limits here: a browser would move the number into them, where the settings say what is wrong with it.
        return gr.Number(value=leaf.default, step=spec.step or (1 if leaf.kind is int else 0.1), **look)
    return gr.Textbox(value=leaf.default, max_lines=1, **look)


def _make_list(leaf: Leaf, look: dict[str, Any]) -> gr.Dropdown:
    """What several names may be chosen from is filled in later, and other names may be written into it."""
    options, value = _options_of(leaf), to_field(leaf, leaf.default)
    if leaf.spec.several:
        return gr.Dropdown(options, value=value, multiselect=True, allow_custom_value=True, **look)
    return gr.Dropdown(options, value=value, filterable=False, **look)


def field_id(path: str) -> str:
    """The element id of a setting's component: "method.rank" is `set-method-rank`."""
    return "set-" + path.replace(".", "-").replace("_", "-")


def to_field(leaf: Leaf, value: Any) -> Any:
    """A setting's value as its component holds it."""
    if leaf.spec.switch:
        return value == leaf.spec.choices[1]
    if leaf.kind is list:
        return "\n".join(value)
    if leaf.spec.several:
        return [name.strip() for name in value.split(",") if name.strip()]
    if not leaf.auto:
        return value
    return "" if value == "auto" else f"{value:g}" if isinstance(value, float) else str(value)


def from_field(leaf: Leaf, value: Any) -> Any:
    """What the component holds, as a setting; whether it can be is checked by the settings themselves."""
    if leaf.spec.switch:
        return leaf.spec.choices[bool(value)]
    if leaf.auto:
        return _number_or_auto(leaf, str(value or "").strip())
    if leaf.spec.several:
        return ", ".join(map(str, value or ()))
    if value is None:
        return ""
    if leaf.kind is int and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _number_or_auto(leaf: Leaf, typed: str) -> Any:
    if typed in ("", "auto"):
        return "auto"
    try:
        number = float(typed)
    except ValueError:
        return typed
    return int(number) if leaf.kind is int and number.is_integer() else number


def _options_of(leaf: Leaf) -> list[tuple[str, str]]:
    """The choices of a setting; trackers by their names, with whether they are installed here."""
    return [(_tracker_label(choice), choice) for choice in leaf.spec.choices]


def _tracker_label(choice: str) -> str:
    entry = TRACKERS.get(choice)
    if entry is None:
        return choice
    return entry.label if entry.is_installed() else text.NOT_INSTALLED.format(entry.label)
