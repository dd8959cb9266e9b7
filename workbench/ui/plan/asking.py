"""The one question before a run that will not fit is started."""

import html
from typing import Any

import gradio as gr

from workbench.training.plan import Plan
from workbench.ui import text_plan as text
from workbench.ui.quantities import gigabytes


class StartQuestion:
    """Hidden until it is asked, and again as soon as the plan changes."""

    def __init__(self) -> None:
        with gr.Column(visible=False, elem_id="start-question") as self._box:
            self._words = gr.HTML(elem_id="start-warning")
            with gr.Row(elem_classes="buttons"):
                self.anyway = gr.Button(text.START_ANYWAY, size="sm", elem_id="start-anyway")

    @property
    def shown(self) -> set[Any]:
        """What the updates may change."""
        return {self._box, self._words}

    def ask(self, plan: Plan) -> dict[Any, Any]:
        told = text.WILL_NOT_FIT.format(needed=gigabytes(plan.ram_gb), free=gigabytes(plan.ram_free_gb))
        # An alert is read out as soon as it is there.
        return {self._box: gr.update(visible=True), self._words: f'<p role="alert">{html.escape(told)}</p>'}

    def hide(self) -> dict[Any, Any]:
        return {self._box: gr.update(visible=False)}
