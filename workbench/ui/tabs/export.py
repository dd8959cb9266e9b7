"""The Export tab: what a run has learned, as files that other programs read."""

import json
import time

import gradio as gr

from workbench.ui.export import view
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page


def build(page: Page) -> None:
    export = view.build(page.root)

    @shown
    def on_bring() -> str:
        return page.open_import.send("")

    @shown
    def on_talk(event: gr.EventData) -> str:
        return page.open_chat.send(str(event.file))

    export.talk(on_talk, None, page.open_chat.output, **AT_ONCE)
    export.bring(on_bring, None, page.open_import.output, **AT_ONCE)
    export.train(lambda: gr.Tabs(selected="train"), None, page.tabs, **AT_ONCE)
    # The same run can be sent again.
    page.take_home.listen(lambda run_id: json.dumps({"run": run_id, "at": str(time.time_ns())}), export)
