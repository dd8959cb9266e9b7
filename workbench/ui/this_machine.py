"""What this machine has and what would make it better, on demand, to be read or copied."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from workbench.errors import RunError
from workbench.monitoring.doctor.examine import examine
from workbench.monitoring.doctor.network import asking_network
from workbench.monitoring.doctor.privacy import without_person
from workbench.training.calibration.findings import examine_speed
from workbench.training.calibration.job import cancel_calibration, is_under_way, start_calibration
from workbench.ui import text_machine as text
from workbench.ui import text_plan
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.findings import describe
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Page

_LOOK_SECONDS = 1.0
_SHEET = f'<link rel="stylesheet" href="{ASSETS_URL}/machine.css">'
_COPY = f'() => import(location.origin + "{ASSETS_URL}/machine.js").then((machine) => machine.copyReport())'


def build(page: Page) -> None:
    """Buttons, and below them what was found."""
    with gr.Column(elem_id="this-machine"):
        gr.HTML(f"<h3>{text.THIS_MACHINE}</h3><p>{text.THIS_MACHINE_HELP}</p>", elem_classes="reading", head=_SHEET)
        ThisMachine(page).connect()


class ThisMachine:
    """Network and speed have places of their own, since they are asked for by themselves."""

    def __init__(self, page: Page) -> None:
        self._root = page.root
        with gr.Row(elem_classes="buttons"):
            self._look = gr.Button(text.LOOK, size="sm", elem_id="look-at-machine")
            self._ask = gr.Button(text.ASK_NETWORK, size="sm", elem_id="ask-network")
            self._cancel = gr.Button(text.CANCEL, size="sm", visible=False, elem_id="cancel-asking")
            self._measure = gr.Button(text.MEASURE, size="sm", elem_id="measure-machine")
            self._stop = gr.Button(text.CANCEL, size="sm", visible=False, elem_id="cancel-measuring")
            self._copy = gr.Button(text.COPY, size="sm", visible=False, elem_id="copy-report")
        self._found = gr.HTML("", elem_id="machine-findings")
        self._network = gr.HTML("", elem_id="machine-network")
        self._speed = gr.HTML("", elem_id="machine-speed")

    def connect(self) -> None:
        found = [self._found, self._network, self._speed]
        looking = self._look.click(self._on_look, None, [self._look, self._copy, *found], **QUIET)
        looking.failure(lambda: _ready(text.LOOK), None, self._look, **QUIET)
        asking = self._ask.click(self._on_ask, None, [self._ask, self._cancel, self._copy, self._network], **QUIET)
        given_up = [self._ask, self._cancel]
        asking.failure(self._on_give_up, None, given_up, **QUIET)
        self._cancel.click(self._on_give_up, None, given_up, cancels=[asking], **AT_ONCE)
        measured = [self._measure, self._stop, self._copy, self._speed]
        measuring = self._measure.click(self._on_measure, None, measured, **QUIET)
        measuring.failure(self._on_measured, None, measured, **QUIET)
        self._stop.click(lambda: cancel_calibration(self._root), None, None, **AT_ONCE)
        self._copy.click(None, None, self._copy, js=_COPY, **QUIET)

    @shown
    def _on_look(self) -> Iterator[dict[Any, Any]]:
        yield {self._look: gr.update(value=text.LOOKING, interactive=False)}
        *found, network = examine(self._root)
        yield {
            self._look: _ready(text.LOOK),
            self._copy: gr.update(value=text.COPY, visible=True),
            self._found: describe(found),
            self._network: describe([network]),
            self._speed: describe([examine_speed(self._root)]),
        }

    @shown
    def _on_ask(self) -> Iterator[dict[Any, Any]]:
        began = time.monotonic()
        yield {self._ask: gr.update(interactive=False), self._cancel: gr.update(visible=True)}
        for answer in asking_network():
            if answer is None:
                yield {self._ask: text.ASKING.format(round(time.monotonic() - began))}
            else:
                yield {
                    self._ask: _ready(text.ASK_NETWORK),
                    self._cancel: gr.update(visible=False),
                    self._copy: gr.update(value=text.COPY, visible=True),
                    self._network: describe([without_person(answer, self._root)]),
                }

    @shown
    def _on_measure(self) -> Iterator[dict[Any, Any]]:
        began = time.monotonic()
        if not start_calibration(self._root):
            raise RunError(text_plan.CANNOT_MEASURE, text_plan.MEASURE_LATER)
        while is_under_way(self._root):
            words = text.MEASURING.format(round(time.monotonic() - began))
            yield {self._measure: gr.update(value=words, interactive=False), self._stop: gr.update(visible=True)}
            time.sleep(_LOOK_SECONDS)
        yield self._on_measured()

    def _on_measured(self) -> dict[Any, Any]:
        return {
            self._measure: _ready(text.MEASURE),
            self._stop: gr.update(visible=False),
            self._copy: gr.update(value=text.COPY, visible=True),
            self._speed: describe([examine_speed(self._root)]),
        }

    def _on_give_up(self) -> dict[Any, Any]:
        return {self._ask: _ready(text.ASK_NETWORK), self._cancel: gr.update(visible=False)}


def _ready(words: str) -> Any:
    """A button that can be pressed again."""
    return gr.update(value=words, interactive=True)
