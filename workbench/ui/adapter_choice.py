"""What a run begins with: a new adapter, or that of an earlier run, or a new one on top of that."""

import html
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.config.run_config import ModelSettings
from workbench.ui import text
from workbench.ui.choices import Options, adapter_options, merged_options
from workbench.ui.fields import field_id
from workbench.ui.form import LEAVES

_ADAPTER, _MERGED = "model.adapter", "model.merged"


class AdapterChoice:
    """Two lists that are there once a run has left an adapter; below them what was chosen, and the way back."""

    def __init__(self, root: Path) -> None:
        self._root = root
        options = adapter_options(root)
        with gr.Row(visible=len(options) > 1, elem_id="adapters") as self.lists:
            self.list = _list_of(_ADAPTER, text.ADAPTER_HELP, options)
            self.merged = _list_of(_MERGED, text.MERGED_HELP, merged_options(root))
        with gr.Row(elem_classes="buttons"):
            self.bring = gr.Button(text.BRING_ADAPTER, size="sm", elem_id="bring-adapter", elem_classes="narrow")
        with gr.Row(visible=False, elem_classes="buttons") as self._chosen:
            self._note = gr.HTML(elem_id="adapter-note", elem_classes="facts")
            self.anew = gr.Button(text.BEGIN_ANEW, size="sm", elem_id="begin-anew", elem_classes="narrow")

    @property
    def shown(self) -> set[Any]:
        """What `look` may change."""
        return {self.list, self.merged, self.lists, self._chosen, self._note}

    def look(self, chosen: ModelSettings) -> dict[Any, Any]:
        """Updates that show the runs there are now, and which of them is gone on from."""
        run_id, options = chosen.adapter, adapter_options(self._root, chosen.adapter)
        name = next((name for name, listed in options if listed == run_id), run_id)
        return {
            self.lists: gr.update(visible=len(options) > 1 or bool(chosen.merged)),
            self.list: gr.update(choices=options),
            self.merged: gr.update(choices=merged_options(self._root, chosen.merged)),
            self._chosen: gr.update(visible=bool(run_id)),
            self._note: text.GOES_ON.format(name=html.escape(name)) if run_id else "",
        }


def _list_of(setting: str, help: str, options: Options) -> gr.Dropdown:
    return gr.Dropdown(
        choices=options,
        value="",
        label=LEAVES[setting].spec.label,
        info=help,
        min_width=220,
        elem_id=field_id(setting),
    )
