"""The one question before a run that will not fit is started."""

import html
from typing import Any

import gradio as gr

from workbench.training.plan import Plan
from workbench.ui import text_plan as text
from workbench.ui.quantities import gigabytes


class StartQuestion:
    """Hidden until it is asked, and again as soon as there is a plan that may be started without it."""

    def __init__(self) -> None:
        with gr.Column(visible=False, elem_id="start-question") as self._box:
            self._words = gr.HTML(elem_id="start-warning")
            with gr.Row(elem_classes="buttons"):
                self.anyway = gr.Button(text.START_ANYWAY, size="sm", elem_id="start-anyway")
                # Opened by the page itself: the answer stands in the plan.
                gr.Button(text.SHOW_WHAT_FITS, size="sm", elem_id="show-what-fits")

    @property
    def shown(self) -> set[Any]:
        """What the updates may change."""
        return {self._box, self._words}

    def ask(self, plan: Plan) -> dict[Any, Any]:
        return {self._box: gr.update(visible=True), self._words: _warning(plan)}

    def follow(self, plan: Plan) -> dict[Any, Any]:
        """Where it is being asked, of the plan as it is now."""
        return {self._words: _warning(plan)} if plan.verdict == "will not fit" else self.hide()

    def hide(self) -> dict[Any, Any]:
        return {self._box: gr.update(visible=False)}


def _warning(plan: Plan) -> str:
    """An alert is read out as soon as it is there."""
    needed_gb, free_gb = _shortage(plan)
    told = text.WILL_NOT_FIT.format(needed=gigabytes(needed_gb), free=gigabytes(free_gb))
    return f'<p role="alert">{html.escape(told)}</p>'


def _shortage(plan: Plan) -> tuple[float, float]:
    """What is needed and what is free, of the GPU's memory if that is what does not suffice."""
    if plan.vram and plan.vram_free_gb is not None and plan.vram.gb > plan.vram_free_gb:
        return plan.vram.gb, plan.vram_free_gb
    return plan.ram_gb, plan.ram_free_gb
