"""Adding examples of one's own: typed, pasted or uploaded. Each way ends in a named set that is chosen at once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.config.names import slug
from workbench.data.reading.read import SUFFIXES, read
from workbench.data.sets.sources import save_version
from workbench.data.sets.typed import parse_pasted, rows_to_jsonl
from workbench.errors import DataError
from workbench.ui import text
from workbench.ui.choices import data_options
from workbench.ui.notices import shown
from workbench.ui.page import QUIET

_EMPTY_ROWS = [["", ""]] * 5


class DataEntry:
    """The three ways, each with its name and its button; `added` tells the form which set to choose."""

    def __init__(self, root: Path) -> None:
        self._root = root
        with gr.Tabs(elem_id="data-entry"):
            with gr.Tab(text.TYPE, id="type"):
                gr.Markdown(text.TYPE_HELP, elem_classes="hint")
                self._table = gr.Dataframe(_EMPTY_ROWS, **_table_look())
                self._more_rows = gr.Button(text.MORE_ROWS, size="sm", elem_id="data-more-rows", elem_classes="narrow")
                typed = self._name_and_button("type")
            with gr.Tab(text.PASTE, id="paste"):
                gr.Markdown(text.PASTE_HELP, elem_classes="hint")
                self._pasted = gr.Textbox(lines=6, max_lines=12, label=text.PASTED_LABEL, elem_id="data-pasted")
                pasted = self._name_and_button("paste")
            with gr.Tab(text.UPLOAD, id="upload"):
                gr.Markdown(text.UPLOAD_HELP, elem_classes="hint")
                self._file = gr.File(
                    file_types=list(SUFFIXES), label=text.UPLOADED_LABEL, height=120, elem_id="data-file"
                )
                uploaded = self._name_and_button("upload")
        self._ways = [
            (typed, self._table, self._save_typed),
            (pasted, self._pasted, self._save_pasted),
            (uploaded, self._file, self.save_upload),
        ]

    def connect(self, dataset: gr.Dropdown, then: Callable[[Any], Any]) -> None:
        """Let each button save its set and choose it in `dataset`; `then` continues the chain of events."""
        for (name, button), source, save in self._ways:
            on_save = self._handler(name, source, save, dataset)
            then(button.click(on_save, {name, source}, [dataset, name], **QUIET))

        self._more_rows.click(lambda rows: rows + _EMPTY_ROWS, self._table, self._table, queue=False, **QUIET)

    def save_upload(self, name: str, uploaded: str | None) -> Path:
        """Keep an uploaded file, if it can be used at all. Raises DataError."""
        if not uploaded:
            raise DataError(text.NO_FILE, text.UPLOAD_HELP)
        file = Path(uploaded)
        read(file)
        return save_version(self._root, name or slug(file.stem), file.read_bytes(), file.suffix.lower())

    def _name_and_button(self, way: str) -> tuple[gr.Textbox, gr.Button]:
        with gr.Row(elem_classes="save-row"):
            name = gr.Textbox(
                label=text.SET_NAME, placeholder=text.SET_NAME_EXAMPLE, max_lines=1, elem_id=f"data-{way}-name"
            )
            button = gr.Button(text.SAVE_SET, size="md", scale=0, min_width=130, elem_id=f"data-{way}-save")
        return name, button

    def _handler(self, name: gr.Textbox, source: Any, save: Any, dataset: gr.Dropdown) -> Any:
        @shown
        def on_save(values: Mapping[Any, Any]) -> dict[Any, Any]:
            path = save((values[name] or "").strip(), values[source])
            chosen = path.parents[1].name
            gr.Success(text.SAVED_SET.format(chosen))
            return {dataset: gr.update(choices=data_options(self._root), value=chosen), name: gr.update(value="")}

        return on_save

    def _save_typed(self, name: str, rows: list[list[Any]]) -> Path:
        cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
        return save_version(self._root, _named(name), rows_to_jsonl(cells), ".jsonl")

    def _save_pasted(self, name: str, pasted: str) -> Path:
        return save_version(self._root, _named(name), rows_to_jsonl(parse_pasted(pasted or "")), ".jsonl")


def _named(name: str) -> str:
    if not name:
        raise DataError(text.NO_SET_NAME, text.NAME_IT)
    return name


def _table_look() -> dict[str, Any]:
    return {
        "headers": [text.QUESTION, text.ANSWER],
        "column_count": 2,
        "row_count": len(_EMPTY_ROWS),
        "buttons": [],
        "datatype": "str",
        "type": "array",
        "interactive": True,
        "wrap": True,
        "max_height": 320,
        "label": text.TYPED_LABEL,
        "show_label": False,
        "elem_id": "data-table",
    }
