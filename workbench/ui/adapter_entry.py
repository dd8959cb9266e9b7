"""Importing an adapter on the page: its files, the model it was made for, and a name."""

import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import AdapterError
from workbench.models.catalog import STARTER, names
from workbench.runs.run_dir import RunDir
from workbench.training.importing.taking import take_in
from workbench.ui import text_runs as text
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Signal


class AdapterEntry:
    """A fold with an upload; `added` tells the id of each run that comes of it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.added = Signal("adapter-added")
        with gr.Accordion(text.IMPORT_FOLD, open=False, elem_id="import-adapter") as self.fold:
            gr.Markdown(text.IMPORT_HELP, elem_classes="hint")
            self._files = gr.File(
                file_count="multiple",
                file_types=[".safetensors", ".json", ".zip"],
                label=text.IMPORT_FILES,
                height=120,
                elem_id="import-files",
            )
            with gr.Row(elem_classes="save-row"):
                self._model = gr.Dropdown(
                    names(root), value=STARTER, label=text.IMPORT_MODEL, min_width=220, elem_id="import-model"
                )
                self._name = gr.Textbox(
                    label=text.IMPORT_NAME,
                    placeholder=text.IMPORT_NAME_EXAMPLE,
                    max_lines=1,
                    max_length=80,
                    min_width=220,
                    elem_id="import-name",
                )
                self._button = gr.Button(text.IMPORT, size="md", scale=0, min_width=130, elem_id="import-start")

    def connect(self, open_import: Signal) -> None:
        """The fold opens also when another tab asks.

        A refusal leaves the files where they are, so that another model can be chosen for them.
        """

        @shown
        def on_import(values: Mapping[Any, Any]) -> dict[Any, Any]:
            run = self.take(values[self._files], values[self._model], (values[self._name] or "").strip())
            gr.Success(text.IMPORTED_IT.format(html.escape(run.name)))
            done = {self._files: None, self._name: "", self.fold: gr.update(open=False)}
            return done | {self.added.output: self.added.send(run.id)}

        inputs: set[Any] = {self._files, self._model, self._name}
        self._button.click(on_import, inputs, [self.added.output, self._files, self._name, self.fold], **QUIET)

        @shown
        def on_look() -> dict[str, Any]:
            return gr.update(choices=names(self._root))

        def on_open(_: str) -> dict[Any, Any]:
            return {self.fold: gr.update(open=True), self._model: gr.update(choices=names(self._root))}

        self.fold.expand(on_look, None, self._model, **AT_ONCE)
        open_import.listen(on_open, [self.fold, self._model])

    def take(self, uploaded: list[str] | None, model: object, name: str) -> RunDir:
        """The run that holds the adapter in these files. Raises what `take_in` does."""
        if not uploaded:
            raise AdapterError(text.NO_ADAPTER_FILES, text.CHOOSE_ADAPTER_FILES)
        # Only names from the list: whoever sends a path could ask for any folder here.
        if model not in names(self._root):
            raise AdapterError(text.NO_SUCH_MODEL.format(str(model)[:80]), text.CHOOSE_FROM_LIST)
        return take_in([Path(file) for file in uploaded], str(model), self._root, name)
