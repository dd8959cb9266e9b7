"""What is kept of the chosen run: its note, and the buttons that give back what it takes on the disk."""

from typing import Any

import gradio as gr

from workbench.errors import RunError
from workbench.jobs.folder import ENDED
from workbench.runs.disk import has_checkpoints, used_bytes
from workbench.runs.run_dir import RunDir
from workbench.ui import text_runs as text
from workbench.ui.quantities import file_size

LONGEST_NOTE = 300


class Upkeep:
    """A row of controls, and below it a question that is asked before checkpoints are deleted."""

    def __init__(self) -> None:
        with gr.Row(elem_classes="buttons", elem_id="run-upkeep"):
            self.note = gr.Textbox(
                label=text.NOTE,
                placeholder=text.NOTE_EXAMPLE,
                show_label=False,
                max_lines=1,
                max_length=LONGEST_NOTE,
                elem_id="run-note",
            )
            self.keep_note = gr.Button(text.KEEP_NOTE, size="sm", elem_id="run-keep-note")
            self.empty = gr.Button(text.EMPTY, size="sm", visible=False, elem_id="run-empty")
            self.delete = gr.Button(text.DELETE, size="sm", elem_id="run-delete")
        with gr.Row(elem_classes="buttons", visible=False, elem_id="run-confirm") as self.confirm:
            self.question = gr.Markdown(elem_classes="hint")
            self.sure = gr.Button(text.SURE, size="sm", variant="stop", elem_id="run-sure")
            self.cancel = gr.Button(text.CANCEL, size="sm", elem_id="run-cancel")
        self.shown = [self.note, self.empty, self.confirm]

    def look_at(self, run: RunDir) -> dict[Any, Any]:
        """Updates that show what there is to keep and to delete of a run."""
        can_empty = run.status().phase in ENDED and has_checkpoints(run)
        return {
            self.note: run.about().get("note", ""),
            self.empty: gr.update(visible=can_empty, value=text.EMPTY_SIZE.format(_size(run))),
            self.confirm: gr.update(visible=False),
        }

    def ask(self, run: RunDir) -> dict[Any, Any]:
        """Updates that put the question. Raises RunError where there is nothing to delete."""
        if not has_checkpoints(run):
            raise RunError(text.NO_CHECKPOINTS.format(run.name), text.NOTHING_TO_DELETE)
        stays = text.ADAPTER_STAYS if run.has_adapter() else text.NOTHING_STAYS
        question = text.ASK_EMPTY.format(size=_size(run), stays=stays)
        return {self.confirm: gr.update(visible=True), self.question: question}


def keep_note(run: RunDir, note: str) -> None:
    run.update_about(note=" ".join(note.split())[:LONGEST_NOTE])


def _size(run: RunDir) -> str:
    return file_size(used_bytes(run.checkpoints_dir) / 1e6)
