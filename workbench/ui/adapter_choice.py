"""What a run begins with: a new adapter, or that of an earlier run."""

import html
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.ui import text
from workbench.ui.choices import adapter_options
from workbench.ui.fields import field_id
from workbench.ui.form import LEAVES

SETTING = "model.adapter"


class AdapterChoice:
    """A list that is there once a run has left an adapter; below it what was chosen, and the way back."""

    def __init__(self, root: Path) -> None:
        self._root = root
        options = adapter_options(root)
        self.list = gr.Dropdown(
            choices=options,
            value="",
            label=LEAVES[SETTING].spec.label,
            info=text.ADAPTER_HELP,
            visible=len(options) > 1,
            elem_id=field_id(SETTING),
        )
        self.bring = gr.Button(text.BRING_ADAPTER, size="sm", elem_id="bring-adapter", elem_classes="narrow")
        with gr.Row(visible=False, elem_classes="buttons") as self._chosen:
            self._note = gr.HTML(elem_id="adapter-note", elem_classes="facts")
            self.anew = gr.Button(text.BEGIN_ANEW, size="sm", elem_id="begin-anew", elem_classes="narrow")

    @property
    def shown(self) -> set[Any]:
        """What `look` may change."""
        return {self.list, self._chosen, self._note}

    def look(self, run_id: str) -> dict[Any, Any]:
        """Updates that show the runs there are now, and which of them is gone on from."""
        options = adapter_options(self._root, run_id)
        name = next((name for name, listed in options if listed == run_id), run_id)
        return {
            self.list: gr.update(choices=options, visible=len(options) > 1),
            self._chosen: gr.update(visible=bool(run_id)),
            self._note: text.GOES_ON.format(name=html.escape(name)) if run_id else "",
        }
