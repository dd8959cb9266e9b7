"""What the tabs share: the workspace, what the browser remembers, and signals from one tab to another."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.ui.notices import shown

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every listener of the page is set: no overlay, and no entry in gradio's own API description."""


def each_once(*groups: Iterable[Any]) -> list[Any]:
    """The components of all groups, as gradio takes outputs."""
    return list(dict.fromkeys(chain(*groups)))


class Signal:
    """A run, sent from one tab to whichever listen. Carried by a hidden text box, so that no server state is needed."""

    def __init__(self, elem_id: str) -> None:
        self._carrier = gr.Textbox(visible="hidden", elem_id=elem_id, container=False, label=elem_id)

    @property
    def output(self) -> gr.Textbox:
        return self._carrier

    def send(self, run_id: str) -> str:
        """The value that sets the signal off, also if the same run was sent before."""
        return f"{run_id} {time.time_ns()}"

    def listen(self, handler: Callable[[str], Any], outputs: Any) -> Any:
        """Call `handler` with the id of each run that is sent."""

        @shown
        def on_signal(sent: str) -> Any:
            return handler(sent.partition(" ")[0])

        return self._carrier.change(on_signal, self._carrier, outputs, **QUIET)


@dataclass(frozen=True)
class Page:
    """Handed to each tab's `build`."""

    root: Path
    blocks: gr.Blocks
    saved: gr.BrowserState
    use_settings: Signal
    """Put the settings of this run into the form."""
    open_chat: Signal
    """Talk to this run."""
    tabs: gr.Tabs = field(default_factory=lambda: gr.Tabs(elem_id="main-tabs"))
