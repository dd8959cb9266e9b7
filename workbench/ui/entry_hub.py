"""Fetching a dataset from Hugging Face by its name, as a job that goes on without the page."""

import html
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.data.sets import hub
from workbench.data.sets.hub import Download, HubRequest
from workbench.errors import DataError
from workbench.jobs.folder import ENDED
from workbench.ui import text_data as words
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Signal
from workbench.ui.quantities import file_size

_LOOK_SECONDS = 1.0


class HubEntry:
    """The form, and the latest fetch; which one that is stands on the disk."""

    def __init__(self, root: Path, prefix: str) -> None:
        self._root = root
        gr.Markdown(words.HUB_HELP, elem_classes="hint")
        with gr.Row():
            self._fields = [
                gr.Textbox(label=label, placeholder=example, max_lines=1, min_width=150, elem_id=f"{prefix}-hub-{name}")
                for name, label, example in words.HUB_FIELDS
            ]
        with gr.Row(elem_classes="buttons"):
            self._fetch = gr.Button(words.FETCH, size="md", elem_id=f"{prefix}-hub-fetch")
            self._cancel = gr.Button(words.CANCEL, size="md", visible=False, elem_id=f"{prefix}-hub-cancel")
        self._state = gr.HTML(elem_id=f"{prefix}-hub-state", elem_classes="facts")
        self._timer = gr.Timer(_LOOK_SECONDS, active=False)

    def connect(self, added: Signal, *visits: Any) -> None:
        """Tell `added` what was fetched; the timer runs as long as something is being fetched."""
        shown_here = [self._state, self._timer, self._cancel]

        @shown
        def on_fetch(*typed: str) -> dict[Any, Any]:
            return self._show(hub.start(self._root, HubRequest(*((field or "").strip() for field in typed))))

        self._fetch.click(on_fetch, self._fields, shown_here, **QUIET)

        @shown
        def on_look() -> dict[Any, Any]:
            job = self._latest()
            name = job.reference.partition("@")[0]
            return self._show(job) | {added.output: added.send(name) if name else gr.skip()}

        self._timer.tick(on_look, None, [*shown_here, added.output], trigger_mode="once", **QUIET)

        @shown
        def on_visit() -> dict[Any, Any]:
            jobs = hub.downloads(self._root)
            goes_on = jobs and jobs[0].status().phase not in ENDED
            return self._show(jobs[0]) if goes_on else {self._state: gr.skip()}

        gr.on(list(visits), on_visit, None, shown_here, **AT_ONCE)

        @shown
        def on_cancel() -> dict[Any, Any]:
            job = self._latest()
            job.request_stop()
            return self._show(job)

        self._cancel.click(on_cancel, None, shown_here, **QUIET)

    def _latest(self) -> Download:
        jobs = hub.downloads(self._root)
        if not jobs:
            raise DataError(words.NOTHING_FETCHED, words.NAME_DATASET)
        return jobs[0]

    def _show(self, job: Download) -> dict[Any, Any]:
        status = job.status()
        goes_on = status.phase not in ENDED
        return {
            self._state: describe(job),
            self._timer: gr.Timer(active=goes_on),
            self._cancel: gr.update(visible=goes_on),
        }


def describe(job: Download) -> str:
    """How far a fetch is, as HTML."""
    status = job.status()
    told = " ".join(filter(None, (status.message, status.hint)))
    size = _size(status.step, status.steps) if status.phase not in ENDED else ""
    return html.escape(" ".join(filter(None, (f"{job.request.id}:", told or words.STARTING, size))))


def _size(done: int, total: int) -> str:
    if not done:
        return ""
    return words.SO_FAR.format(file_size(done / 1e6)) + (words.OF_ALL.format(file_size(total / 1e6)) if total else "")
