"""The Runs tab: every run, and what can be done with the chosen one."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from workbench.errors import RunError
from workbench.jobs.folder import ENDED
from workbench.runs import trash
from workbench.runs.disk import was_emptied
from workbench.runs.emptied import delete_checkpoints, undelete_checkpoints
from workbench.runs.run_dir import RunDir
from workbench.training import launch
from workbench.ui import live, next_run
from workbench.ui import text_runs as text
from workbench.ui.adapter_entry import AdapterEntry
from workbench.ui.downloads import adapter_url
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page
from workbench.ui.runs import room, tracking
from workbench.ui.runs import view as run_view
from workbench.ui.runs.upkeep import Upkeep, keep_note


def build(page: Page) -> None:
    tab = RunsTab(page)
    tab.connect_list()
    tab.connect_buttons()
    tab.connect_names()
    tab.connect_upkeep()


class RunsTab:
    """The list, and below it the chosen run; its id is the value of the live view."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.room = room.build(page.root)
        self.list = run_view.build(page.root)
        self.entry = AdapterEntry(page.root)
        with gr.Column(visible=False, elem_id="run-detail") as self.detail:
            with gr.Row(elem_classes="buttons"):
                self.resume = gr.Button(text.RESUME, size="sm", variant="primary", visible=False, elem_id="run-resume")
                self.chat = gr.Button(text.OPEN_CHAT, size="sm", visible=False, elem_id="run-chat")
                self.home = gr.Button(text.TAKE_HOME, size="sm", visible=False, elem_id="run-home")
                self.download = gr.Button(size="sm", visible=False, link="/", elem_id="run-download")
                self.reuse = gr.Button(text.USE_SETTINGS, size="sm", elem_id="run-reuse")
                self.name = gr.Textbox(
                    label=text.NEW_NAME, show_label=False, max_lines=1, max_length=80, elem_id="run-new-name"
                )
                self.rename = gr.Button(text.RENAME, size="sm", elem_id="run-rename")
            self.upkeep = Upkeep()
            self.tracking = tracking.build(page.root)
            self.live = live.build(page.root)
        buttons = [self.resume, self.chat, self.home, self.download]
        self.shown = [self.detail, *buttons, self.name, self.live, self.tracking, *self.upkeep.shown]

    def connect_list(self) -> None:
        @shown
        def on_select(event: gr.EventData) -> dict[Any, Any]:
            return self.look_at(self.open(event.run))

        self.list.select(on_select, None, self.shown, **AT_ONCE)
        self.entry.connect(self.page.open_import)
        self.entry.added.listen(lambda run_id: self.look_at(self.open(run_id)), self.shown)

    def connect_buttons(self) -> None:
        self._on_click(self.resume, self._resume, self.shown)
        self._on_click(self.reuse, self._reuse, self.page.use_settings.output)
        self._on_click(self.chat, self._chat, self.page.open_chat.output)
        self._on_click(self.home, self._take_home, self.page.take_home.output)
        self.live.open_chat(self._on_open_chat, None, self.page.open_chat.output, **AT_ONCE)
        next_run.connect(self.live, self.page)
        live.lead_home(self.live, self.page)

    def connect_names(self) -> None:
        @shown
        def on_rename(values: Mapping[Any, Any]) -> dict[Any, Any]:
            run, name = self.open(values[self.live]), (values[self.name] or "").strip()[:80]
            if not name:
                raise RunError(text.NO_NAME, text.NAME_RUN)
            run.update_about(name=name)
            return self.look_at(run)

        gr.on([self.rename.click, self.name.submit], on_rename, {self.live, self.name}, self.shown, **AT_ONCE)
        note = self.upkeep.note

        @shown
        def on_keep_note(values: Mapping[Any, Any]) -> str:
            run = self.open(values[self.live])
            keep_note(run, values[note] or "")
            return str(run.about()["note"])

        gr.on([self.upkeep.keep_note.click, note.submit], on_keep_note, {self.live, note}, note, **AT_ONCE)

    def connect_upkeep(self) -> None:
        self._on_click(self.upkeep.empty, self._empty, self.shown)
        self._on_click(self.upkeep.refill, self._refill, self.shown)
        self._on_click(self.upkeep.delete, self._delete, [self.detail, self.live, self.list])

        @shown
        def on_cleaned(run_id: str) -> dict[Any, Any]:
            return self.look_at(self.open(run_id)) if run_id else {self.live: ""}

        self.room.cleaned(on_cleaned, self.live, self.shown, **AT_ONCE)

    def open(self, run_id: object) -> RunDir:
        """The run with this id, whatever the browser sent."""
        return RunDir.open(self.page.root, str(run_id or ""))

    def look_at(self, run: RunDir) -> dict[Any, Any]:
        """Updates that show a run and what can be done with it now."""
        phase = run.status().phase
        can_resume = phase in (*ENDED, "paused") and phase != "finished" and not was_emptied(run)
        return {
            self.detail: gr.update(visible=True),
            self.resume: gr.update(visible=can_resume),
            self.chat: gr.update(visible=run.has_adapter()),
            self.home: gr.update(visible=run.has_adapter()),
            self.download: _offer_download(run),
            self.name: run.name,
            self.live: run.id,
            self.tracking: run.id,
            **self.upkeep.look_at(run),
        }

    def _on_click(self, button: gr.Button, act: Callable[[RunDir], Any], outputs: Any) -> None:
        @shown
        def on_click(run_id: str) -> Any:
            return act(self.open(run_id))

        button.click(on_click, self.live, outputs, **AT_ONCE)

    def _resume(self, run: RunDir) -> dict[Any, Any]:
        launch.resume(run)
        return self.look_at(run)

    def _empty(self, run: RunDir) -> dict[Any, Any]:
        delete_checkpoints(run)
        return self.look_at(run)

    def _refill(self, run: RunDir) -> dict[Any, Any]:
        undelete_checkpoints(run)
        return self.look_at(run)

    def _delete(self, run: RunDir) -> dict[Any, Any]:
        """The list offers to take it back."""
        name = run.name
        trash.delete(run)
        deleted = json.dumps({"run": run.id, "name": name, "at": time.time_ns()})
        return {self.detail: gr.update(visible=False), self.live: "", self.list: deleted}

    def _reuse(self, run: RunDir) -> str:
        return self.page.use_settings.send(run.id)

    def _chat(self, run: RunDir) -> str:
        if not run.has_adapter():
            raise RunError(text.NO_ADAPTER.format(run.name), text.WAIT_FOR_ADAPTER)
        return self.page.open_chat.send(run.id)

    def _take_home(self, run: RunDir) -> str:
        return self.page.take_home.send(run.id)

    @shown
    def _on_open_chat(self, event: gr.EventData) -> str:
        return self._chat(self.open(event.run))


def _offer_download(run: RunDir) -> dict[str, Any]:
    """The button, which says what there is to download."""
    words = text.DOWNLOAD.format(kept=run.adapter_dir.name)
    return gr.update(value=words, visible=run.has_adapter(), link=adapter_url(run))
