"""What this machine has and what would make it better, on demand, to be read or copied."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from workbench.monitoring.this_machine import as_text, examine
from workbench.ui import text
from workbench.ui.notices import shown
from workbench.ui.page import QUIET, Page


def build(page: Page) -> None:
    """A button, and below it what was found."""
    with gr.Column(elem_id="this-machine"):
        gr.HTML(f"<h3>{text.THIS_MACHINE}</h3><p>{text.THIS_MACHINE_HELP}</p>", elem_classes="reading")
        with gr.Row(elem_classes="buttons"):
            look = gr.Button(text.LOOK_AT_MACHINE, size="sm", elem_id="look-at-machine", elem_classes="narrow")
        report = gr.Textbox(
            label=text.REPORT, info=text.REPORT_HELP, visible=False, interactive=False, buttons=["copy"],
            max_lines=30, elem_id="machine-report",
        )  # fmt: skip

    @shown
    def on_look() -> Iterator[dict[Any, Any]]:
        yield {look: gr.update(value=text.LOOKING, interactive=False)}
        found = as_text(examine(page.root))
        yield {
            look: gr.update(value=text.LOOK_AT_MACHINE, interactive=True),
            report: gr.update(value=found, visible=True),
        }

    event = look.click(on_look, None, [look, report], **QUIET)
    event.failure(lambda: gr.update(value=text.LOOK_AT_MACHINE, interactive=True), None, look, **QUIET)
