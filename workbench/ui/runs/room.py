"""How much room the workspace takes, what of it can go, and letting that go: one component, drawn by the browser.

Anyone can call these functions, so an argument may be anything: they answer with a problem instead of failing.
"""

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import RunError, WorkbenchError
from workbench.runs import cleaning
from workbench.runs.disk import total_bytes
from workbench.runs.emptied import undelete_checkpoints
from workbench.runs.run_dir import RunDir
from workbench.ui import text_runs as text
from workbench.ui.downloads import ASSETS, ASSETS_URL

Answer = dict[str, Any]

_KNOWN_SECONDS = 20.0

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/runs/room.js").then((part) => part.start(element, {{server}}));
element.addEventListener("workbench:cleaned", () => trigger("cleaned", {{}}));
"""


def build(root: Path) -> gr.HTML:
    """The component. `component.cleaned(handler)` listens to something having gone, or come back."""
    return gr.HTML(
        "",
        html_template=(ASSETS / "runs" / "room.html").read_text(encoding="utf-8"),
        js_on_load=_START,
        server_functions=functions(Room(root)),
        head=f'<link rel="stylesheet" href="{ASSETS_URL}/runs/room.css">',
        apply_default_css=False,
        elem_id="runs-room",
    )


class Room:
    """The disk of one workspace. Counting a large one takes a moment, so it is done for all pages at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._counted_at = -_KNOWN_SECONDS
        self._bytes = 0

    def size(self) -> Answer:
        with self._lock:
            if time.monotonic() - self._counted_at > _KNOWN_SECONDS:
                self._bytes, self._counted_at = total_bytes(self._root), time.monotonic()
            return {"bytes": self._bytes, "free_bytes": shutil.disk_usage(self._root).free}

    def removable(self) -> Answer:
        found = cleaning.find_removable(self._root)
        return {"removable": [asdict(one) | {"key": one.key, "undoable": one.undoable} for one in found]}

    def clean(self, keys: list[str]) -> Answer:
        cleaned = asdict(cleaning.clean(self._root, keys))
        self._forget()
        return cleaned

    def bring_back(self, runs: list[str]) -> Answer:
        """All that can be; what cannot, such as those of a run that was deleted meanwhile, is told."""
        problems = []
        for run_id in runs:
            try:
                undelete_checkpoints(RunDir.open(self._root, run_id))
            except WorkbenchError as error:
                problems.append(str(error))
        self._forget()
        return {"problem": " ".join(problems)} if problems else {}

    def _forget(self) -> None:
        with self._lock:
            self._counted_at = -_KNOWN_SECONDS


def functions(room: Room) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""

    def room_size(_: Any) -> Answer:
        return room.size()

    def removable(_: Any) -> Answer:
        return room.removable()

    def clean_up(arg: Any) -> Answer:
        return _answer(room.clean, arg)

    def bring_back(arg: Any) -> Answer:
        return _answer(room.bring_back, arg)

    return [room_size, removable, clean_up, bring_back]


def _answer(act: Callable[[list[str]], Answer], arg: Any) -> Answer:
    """Do something to what is named, and tell what can go afterwards, or what is wrong."""
    try:
        if not isinstance(arg, list) or not all(isinstance(word, str) for word in arg):
            raise RunError(text.NO_QUESTION, text.RELOAD)
        return act(arg)
    except WorkbenchError as error:
        return {"problem": str(error)}
