"""What the plan offers to change: less memory, the time that there is, and to measure how long it takes."""

from collections.abc import Mapping
from typing import Any, Protocol

import gradio as gr

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.training.calibration.job import start_calibration
from workbench.training.minutes import Within, steps_within
from workbench.ui import text_plan as text
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Page, Signal
from workbench.ui.setup import Setup


class FormTab(Protocol):
    """What of the Train tab is needed to change its form."""

    page: Page
    setup: Setup
    look_anew: Signal
    everything: Any
    """Components that a handler of the form may update."""

    def read(self, values: Mapping[Any, Any]) -> RunConfig: ...

    def put_changed(self, config: RunConfig, before: RunConfig, note: str) -> dict[Any, Any]: ...


def connect(tab: FormTab) -> None:
    """Let each change the form, as a preset does, with a way back."""
    panel = tab.setup.panel

    @shown
    def on_saving(values: Mapping[Any, Any], event: gr.EventData) -> dict[Any, Any]:
        before = tab.read(values)
        return tab.put_changed(build(dict(event.settings), before), before, text.LESS_MEMORY)

    panel.following.take_saving(on_saving, tab.setup.inputs, tab.everything, **QUIET)

    @shown
    def on_minutes(values: Mapping[Any, Any]) -> dict[Any, Any]:
        before, minutes = tab.read(values), values[panel.minutes]
        within = steps_within(tab.setup.look_closely(before).plan, float(minutes or 0))
        put = tab.put_changed(build(within.settings, before), before, text.IN_MINUTES.format(f"{minutes:g}"))
        return put | {tab.setup.preset_note: f"{_describe(within)} {put[tab.setup.preset_note]}"}

    panel.set_minutes.click(on_minutes, tab.setup.inputs | {panel.minutes}, tab.everything, **QUIET)

    @shown
    def on_measure() -> str:
        if not start_calibration(tab.page.root):
            raise RunError(text.CANNOT_MEASURE, text.MEASURE_LATER)
        return tab.look_anew.send("")

    panel.measure.click(on_measure, None, tab.look_anew.output, **AT_ONCE)


def _describe(within: Within) -> str:
    """ "340 updates: each example is seen about 4.2 times." """
    times = f"{within.sights:.0f}" if within.sights >= 10 else f"{within.sights:.2g}"
    return text.SEEN.format(steps=f"{within.steps:,}", times=times)
