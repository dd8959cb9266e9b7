"""Adding examples: typed, pasted, uploaded, a sample, or fetched from the hub. Each way ends in a named set."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.config.names import slug
from workbench.data.reading.checks import check_place
from workbench.data.reading.read import read_items
from workbench.data.reading.records import ReadingOptions
from workbench.data.sets import draft
from workbench.data.sets.draft import Draft
from workbench.data.sets.originals import READABLE
from workbench.data.sets.samples import samples
from workbench.data.sets.typed import parse_pasted, rows_to_jsonl
from workbench.data.sets.versions import Made, Version, save_version
from workbench.errors import DataError
from workbench.ui import text
from workbench.ui import text_data as words
from workbench.ui.entry_hub import HubEntry
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Signal

_FEWEST_ROWS = 5

Save = Callable[[str, Any], str]
"""From the name that was typed, and what was entered, to the name of the set."""


class DataEntry:
    """The ways, each with its name and its button; `added` tells the name of each set that comes of them.

    Element ids begin with `prefix`, since a page may hold several.
    """

    def __init__(self, root: Path, prefix: str = "data") -> None:
        self._root = root
        self._prefix = prefix
        self.added = Signal(f"{prefix}-added")
        with gr.Tabs(elem_id=f"{prefix}-entry", elem_classes="data-entry"):
            with gr.Tab(text.TYPE, id="type"):
                typed = self._place_typing()
            with gr.Tab(text.PASTE, id="paste"):
                gr.Markdown(text.PASTE_HELP, elem_classes="hint")
                self._pasted = gr.Textbox(lines=6, max_lines=12, label=text.PASTED_LABEL, elem_id=f"{prefix}-pasted")
                pasted = self._name_and_button("paste")
            with gr.Tab(text.UPLOAD, id="upload"):
                gr.Markdown(words.UPLOAD_HELP, elem_classes="hint")
                self._files = gr.File(
                    file_count="multiple",
                    file_types=list(READABLE),
                    label=words.UPLOADED_LABEL,
                    height=120,
                    elem_id=f"{prefix}-file",
                )
                uploaded = self._name_and_button("upload")
            with gr.Tab(words.SAMPLE, id="sample"):
                gr.Markdown(words.SAMPLE_HELP, elem_classes="hint")
                self._sample = gr.Radio(list(samples()), label=words.SAMPLE, elem_id=f"{prefix}-sample")
                self._use_sample = gr.Button(words.USE_SAMPLE, size="md", elem_id=f"{prefix}-sample-use")
            with gr.Tab(words.HUB, id="hub"):
                self._hub = HubEntry(root, prefix)
        self._typed_name = typed[0]
        self._ways: list[tuple[tuple[gr.Textbox, gr.Button], Any, Save]] = [
            (typed, self._table, self._save_typed),
            (pasted, self._pasted, self._save_pasted),
            (uploaded, self._files, self.save_upload),
        ]

    def connect(self, *visits: Any) -> None:
        """Let each way save its set; `visits` are the events of the page that bring back what was begun before."""
        for (name, button), source, save in self._ways:
            on_save = self._handler(name, source, save)
            button.click(on_save, {name, source}, [self.added.output, name, source], **QUIET)

        @shown
        def on_sample(name: str | None) -> str:
            return self.added.send(_sample(name))

        self._use_sample.click(on_sample, self._sample, self.added.output, **QUIET)
        self._hub.connect(self.added, *visits)
        self._connect_draft(*visits)

    def save_upload(self, name: str, uploaded: list[str] | None) -> str:
        """Keep uploaded files as one set, unless one is surely no data. Raises DataError."""
        if not uploaded:
            raise DataError(text.NO_FILE, words.UPLOAD_HELP)
        files = [Path(file) for file in uploaded]
        for file in files:
            _check(file)
        originals = {file.name: file for file in files}
        return save_version(self._root, name or _name_after(files[0]), originals, Made("uploaded")).name

    def _connect_draft(self, *visits: Any) -> None:
        """Keep what is typed as it is typed."""

        @shown
        def on_type(rows: list[list[Any]], name: str) -> None:
            draft.save(self._root, Draft(name or "", tuple(map(tuple, _cells(rows)))))

        # Not their changes, which come also from a grid that is only now shown, with what stood in it before.
        typing = [self._table.input, self._typed_name.input]
        gr.on(typing, on_type, [self._table, self._typed_name], None, trigger_mode="always_last", **AT_ONCE)
        self._more_rows.click(_with_more_rows, self._table, self._table, **AT_ONCE)

        @shown
        def on_visit(rows: list[list[Any]], name: str) -> tuple[Any, Any]:
            kept = draft.load(self._root)
            filled_up = _filled_up([list(row) for row in kept.rows])
            # A grid that is written to loses the word that is just being typed.
            if (filled_up, kept.name) == (_cells(rows), name or ""):
                return gr.skip(), gr.skip()
            return filled_up, kept.name

        place = [self._table, self._typed_name]
        gr.on(list(visits), on_visit, place, place, **AT_ONCE)

    def _place_typing(self) -> tuple[gr.Textbox, gr.Button]:
        gr.Markdown(words.TYPE_HELP, elem_classes="hint")
        self._table = gr.Dataframe(_filled_up([]), elem_id=f"{self._prefix}-table", **_table_look())
        self._more_rows = gr.Button(
            text.MORE_ROWS, size="sm", elem_id=f"{self._prefix}-more-rows", elem_classes="narrow"
        )
        return self._name_and_button("type")

    def _name_and_button(self, way: str) -> tuple[gr.Textbox, gr.Button]:
        with gr.Row(elem_classes="save-row"):
            name = gr.Textbox(
                label=text.SET_NAME,
                placeholder=text.SET_NAME_EXAMPLE,
                max_lines=1,
                elem_id=f"{self._prefix}-{way}-name",
            )
            elem_id = f"{self._prefix}-{way}-save"
            button = gr.Button(text.SAVE_SET, size="md", scale=0, min_width=130, elem_id=elem_id)
        return name, button

    def _handler(self, name: gr.Textbox, source: Any, save: Save) -> Any:
        @shown
        def on_save(values: Mapping[Any, Any]) -> dict[Any, Any]:
            chosen = save((values[name] or "").strip(), values[source])
            gr.Success(text.SAVED_SET.format(chosen))
            empty = _filled_up([]) if source is self._table else None
            return {self.added.output: self.added.send(chosen), name: "", source: empty}

        return on_save

    def _save_typed(self, name: str, rows: list[list[Any]]) -> str:
        saved = self._save_rows(name, _cells(rows), "typed")
        draft.clear(self._root)
        return saved.name

    def _save_pasted(self, name: str, pasted: str) -> str:
        return self._save_rows(name, parse_pasted(pasted or ""), "pasted").name

    def _save_rows(self, name: str, rows: list[list[str]], how: str) -> Version:
        if not name:
            raise DataError(text.NO_SET_NAME, text.NAME_IT)
        return save_version(self._root, name, {f"{how}.jsonl": rows_to_jsonl(rows)}, Made(how))


def _name_after(file: Path) -> str:
    name = slug(file.stem)
    return f"{name}-own" if name in samples() else name


def _check(file: Path) -> None:
    """The first look alone: whatever else may be wrong is found where it can be mended."""
    check_place(file)
    if file.suffix.lower() != ".zip":
        # Nothing is read yet: the rows come one by one as they are asked for.
        read_items(file, ReadingOptions())


def _sample(name: str | None) -> str:
    if name not in samples():
        raise DataError(words.NO_SAMPLE, words.CHOOSE_SAMPLE)
    return name


def _cells(rows: list[list[Any]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def _filled_up(rows: list[list[str]]) -> list[list[str]]:
    """The rows, and empty ones to type into."""
    return rows + [["", ""]] * (_FEWEST_ROWS - len(rows))


def _with_more_rows(rows: list[list[Any]]) -> list[list[Any]]:
    return rows + [["", ""]] * _FEWEST_ROWS


def _table_look() -> dict[str, Any]:
    return {
        "headers": [text.QUESTION, text.ANSWER],
        "column_count": 2,
        "row_count": _FEWEST_ROWS,
        "buttons": [],
        "datatype": "str",
        "type": "array",
        "interactive": True,
        "wrap": True,
        "max_height": 320,
        "label": text.TYPED_LABEL,
        "show_label": False,
        "elem_classes": "typing",
    }
