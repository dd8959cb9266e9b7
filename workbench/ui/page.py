"""What the tabs share: the workspace, what the browser remembers, and signals from one tab to another."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.client import ChatClient
from workbench.ui.notices import shown

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every listener of the page is set: no overlay, and no entry in gradio's own API description."""

AT_ONCE: dict[str, Any] = QUIET | {"queue": False}
"""The same past gradio's queue, which may lose an answer right after a tab was opened: for all that takes a moment."""


def each_once(*groups: Iterable[Any]) -> list[Any]:
    """The components of all groups, as gradio takes outputs."""
    return list(dict.fromkeys(chain(*groups)))


class Signal:
    """Words, such as the id of a run, sent from one tab to whichever listen.

    Carried by a hidden text box, so that no server state is needed.
    """

    def __init__(self, elem_id: str) -> None:
        self._carrier = gr.Textbox(visible="hidden", elem_id=elem_id, container=False, label=elem_id)

    @property
    def output(self) -> gr.Textbox:
        return self._carrier

    def send(self, words: str) -> str:
        """The value that sets the signal off, also if the same was sent before."""
        return f"{words} {time.time_ns()}"

    def listen(self, handler: Callable[..., Any], outputs: Any, *inputs: Any) -> Any:
        """Call `handler` with what is sent each time, and with the values of `inputs`."""

        @shown
        def on_signal(sent: str, *values: Any) -> Any:
            return handler(sent.rpartition(" ")[0], *values)

        return self._carrier.change(on_signal, [self._carrier, *inputs], outputs, **QUIET)


@dataclass(frozen=True)
class Page:
    """Handed to each tab's `build`."""

    root: Path
    blocks: gr.Blocks
    chat: ChatClient
    saved: gr.BrowserState
    """The settings in the form that are not the defaults."""
    before: gr.BrowserState
    """Those before the last preset. Apart, so that an edit on its way cannot put an older one back."""
    use_settings: Signal
    """Put the settings of this run into the form, with the one change that an advice may name after it."""
    open_chat: Signal
    """Talk to this run."""
    open_import: Signal
    """Go to where an adapter from elsewhere is taken in."""
    put_settings: Signal
    """Put these dotted settings, as JSON, into the form."""
    take_home: Signal
    """Export this run."""
    tabs: gr.Tabs = field(default_factory=lambda: gr.Tabs(elem_id="main-tabs"))
