"""What is kept of the chosen run: its note, and the buttons that give back what it takes on the disk."""

import html
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.keeping.conversations import list_kept
from workbench.chat.keeping.votes import describe_votes
from workbench.jobs.folder import ENDED
from workbench.runs.disk import has_checkpoints, used_bytes, was_emptied
from workbench.runs.emptied import deleted_checkpoints
from workbench.runs.run_dir import RunDir
from workbench.ui import text_runs as text
from workbench.ui.quantities import file_size

LONGEST_NOTE = 300


class Upkeep:
    """A row of controls. Checkpoints are deleted without a question: a button that brings them back takes the place."""

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
            self.refill = gr.Button(text.REFILL, size="sm", visible=False, elem_id="run-refill")
            self.delete = gr.Button(text.DELETE, size="sm", elem_id="run-delete")
            self.talks = gr.HTML(elem_classes="facts", elem_id="run-talks")
        self.shown = [self.note, self.empty, self.refill, self.talks]

    def look_at(self, run: RunDir) -> dict[Any, Any]:
        """Updates that show what there is to keep, to delete and to bring back of a run."""
        can_empty = run.status().phase in ENDED and has_checkpoints(run)
        return {
            self.note: run.about().get("note", ""),
            self.empty: gr.update(visible=can_empty, value=text.EMPTY.format(_size(run.checkpoints_dir))),
            self.refill: _refill_look(run),
            self.talks: html.escape(_tell_talks(run)),
        }


def keep_note(run: RunDir, note: str) -> None:
    run.update_about(note=" ".join(note.split())[:LONGEST_NOTE])


def _tell_talks(run: RunDir) -> str:
    """What was said to its result: votes, and saved conversations."""
    votes, talks = describe_votes(run), sum(talk.lead == run.id for talk in list_kept(run.root))
    saved = text.ONE_TALK if talks == 1 else text.TALKS.format(talks)
    return " ".join([*([text.VOTES.format(votes)] if votes else []), *([saved] if talks else [])])


def _refill_look(run: RunDir) -> dict[str, Any]:
    kept = deleted_checkpoints(run)
    if not kept or not was_emptied(run):
        return gr.update(visible=False)
    return gr.update(visible=True, value=text.REFILL.format(_size(kept[-1])))


def _size(folder: Path) -> str:
    return file_size(used_bytes(folder) / 1e6)
