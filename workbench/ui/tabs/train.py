"""The Train tab: the form and its plan, and the live view of what was started."""

import html
import json
from collections.abc import Iterable, Mapping
from typing import Any

import gradio as gr

from workbench.config import presets
from workbench.config.build import build as build_config
from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError
from workbench.runs.listing import live_run
from workbench.runs.run_dir import RunDir, next_name
from workbench.training import launch
from workbench.ui import live, next_run, text
from workbench.ui.choices import data_options
from workbench.ui.data.snapshot import file_defaults
from workbench.ui.form import restore
from workbench.ui.method_choice import implied_by
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Page, Signal, each_once
from workbench.ui.plan import offers
from workbench.ui.setup import Setup
from workbench.ui.target_choice import settled_targets


def build(page: Page) -> None:
    tab = TrainTab(page)
    tab.connect_visit()
    tab.connect_editing()
    tab.connect_models()
    tab.connect_presets()
    offers.connect(tab)
    tab.connect_views()


class TrainTab:
    """Two views in one tab; which run is watched stands in the live view, the form in the browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        choices = [(text.SETUP_VIEW, "setup"), (text.WATCH_VIEW, "watch")]
        self.view = gr.Radio(choices, value="setup", label=text.VIEW, container=False, elem_id="train-view")
        with gr.Column(elem_id="setup-view") as self.setup_view:
            self.setup = Setup(page.root, page.chat)
        with gr.Column(elem_id="watch-view", visible=False) as self.watch_view:
            self.live = live.build(page.root)
            self.new_run = gr.Button(text.NEW_RUN, size="sm", elem_id="new-run", elem_classes="narrow")
        # For whatever changes the form, or what a start would meet, without an edit.
        self.look_anew = Signal("look-anew")
        self.views = [self.view, self.setup_view, self.watch_view]
        self.written = each_once(self.setup.form.inputs, self.setup.outcome)
        put = [page.saved, page.before, self.setup.preset_note, self.setup.undo, self.look_anew.output]
        self.everything = each_once(self.written, put)

    def connect_visit(self) -> None:
        """A visit opens the run that trains, else the form as it was left."""

        @shown
        def on_visit(saved: dict[str, Any]) -> dict[Any, Any]:
            config = restore(saved["settings"])
            # Else the form is there already, and a visitor may have gone on to the runs meanwhile.
            shown_run = self.look_at("watch") if live_run(self.page.root) else {}
            return self.setup.write(config) | shown_run | {self.setup.other_models: "form"}

        outputs = [*self.written, *self.views, self.setup.other_models]
        self.page.blocks.load(on_visit, self.page.saved, outputs, **QUIET)

        @shown
        def on_take(sent: str, saved: dict[str, Any]) -> dict[Any, Any]:
            before = restore(saved["settings"])
            config, note = next_run.read_change(self.page.root, sent, before)
            taken = self.put(config, before if note else None) | self.look_at("setup")
            return taken | {self.setup.preset_note: html.escape(note)}

        self.page.use_settings.listen(on_take, self.everything + self.views, self.page.saved)

        def on_put(sent: str, saved: dict[str, Any]) -> dict[Any, Any]:
            return self.put(build_config(json.loads(sent), restore(saved["settings"])), None)

        self.page.put_settings.listen(on_put, self.everything, self.page.saved)

    def connect_editing(self) -> None:
        """The plan follows every keystroke; the last one always counts."""
        setup = self.setup

        @shown
        def on_edit(values: Mapping[Any, Any]) -> dict[Any, Any]:
            config, saved = setup.read(values), values[self.page.saved]
            if not isinstance(config, RunConfig):
                return setup.work_out(config, values[setup.panel.name] or "")
            if implied := _implied(config, restore(saved["settings"]), setup.method.picked(values)):
                config = build_config(implied, config)
                work = setup.write(config)
            else:
                work = setup.work_out(config, values[setup.panel.name] or "")
            # A look that nothing was changed for says nothing new, and may be older than what was said meanwhile.
            settings = presets.differing(config)
            return work if settings == saved["settings"] else work | {self.page.saved: {"settings": settings}}

        inputs, outputs = setup.inputs | {self.page.saved}, [*self.written, self.page.saved]
        # One listener for all, of which one answer comes at a time: none may be overtaken by an older one.
        events = [*_edits(setup.inputs), setup.panel.timer.tick, self.look_anew.output.change]
        gr.on(events, on_edit, inputs, outputs, trigger_mode="always_last", **AT_ONCE)

        @shown
        def on_cancel(values: Mapping[Any, Any]) -> dict[Any, Any]:
            setup.cancel_reading(setup.read(values))
            return {}

        @shown
        def on_close_chat() -> str:
            self.page.chat.close()
            return self.look_anew.send("")

        setup.panel.close_chat.click(on_close_chat, None, self.look_anew.output, **AT_ONCE)
        setup.panel.cancel.click(on_cancel, setup.inputs, None, **AT_ONCE)
        preview = {"fn": shown(setup.show_preview), "inputs": setup.data, "outputs": setup.preview, **QUIET}
        setup.data.change(**preview)

        def on_added(added: str) -> tuple[dict[str, Any], str]:
            chosen = gr.update(choices=data_options(self.page.root), value=added)
            return chosen, self.look_anew.send(added)

        setup.entry.added.listen(on_added, [setup.data, self.look_anew.output]).success(**preview)
        setup.entry.connect(self.page.blocks.load, self.page.tabs.select)

    def connect_models(self) -> None:
        """The menu follows what is downloaded, copied here or picked from a list; the plan follows the menu."""
        setup = self.setup
        outputs = [setup.model, self.look_anew.output]

        @shown
        def on_use(event: gr.EventData) -> tuple[dict[str, Any], str]:
            return setup.choose_model(str(event.model)), self.look_anew.send("")

        @shown
        def on_look_again(chosen: str | None) -> tuple[dict[str, Any], str]:
            return setup.list_models_anew(chosen), self.look_anew.send("")

        setup.other_models.use_model(on_use, None, outputs, **AT_ONCE)
        setup.other_models.look_again(on_look_again, setup.model, outputs, **AT_ONCE)

    def connect_presets(self) -> None:
        """A preset says what it changes, and can be undone."""
        setup = self.setup
        for name, button in setup.presets.items():
            button.click(self._preset_handler(name), setup.inputs, self.everything, **QUIET)

        @shown
        def on_undo(saved: dict[str, Any], before: dict[str, Any] | None) -> dict[Any, Any]:
            # A form of nothing but defaults is kept as no settings at all.
            settings = saved["settings"] if before is None else before
            return self.put(restore(settings), None) | {setup.preset_note: text.UNDONE}

        @shown
        def on_anew(values: Mapping[Any, Any]) -> dict[Any, Any]:
            before = self.read(values)
            anew = self.put(before.changed("model.adapter", ""), before)
            return anew | {setup.preset_note: text.BEGUN_ANEW}

        setup.adapter.anew.click(on_anew, setup.inputs, self.everything, **QUIET)
        setup.adapter.bring.click(
            shown(lambda: self.page.open_import.send("")), None, self.page.open_import.output, **AT_ONCE
        )
        setup.undo.click(on_undo, [self.page.saved, self.page.before], self.everything, **QUIET)

    def connect_views(self) -> None:
        setup, panel = self.setup, self.setup.panel
        outputs = each_once(self.views, [self.live, panel.name], panel.question.shown)
        for button, asks in ((panel.start, True), (panel.question.anyway, False)):
            button.click(self._start_handler(asks), setup.inputs, outputs, concurrency_limit=1, **QUIET)

        @shown
        def on_view(view: str) -> dict[Any, Any]:
            return self.look_at("watch") if view == "watch" else on_setup()

        def on_setup() -> dict[Any, Any]:
            return self.look_at("setup") | {self.look_anew.output: self.look_anew.send("")}

        def on_return(view: str, event: gr.SelectData) -> Any:
            """What runs, waits or is loaded may have changed in the other tabs."""
            is_back = event.value == text.TABS["train"] and view == "setup"
            return self.look_anew.send("") if is_back else gr.skip()

        self.page.tabs.select(on_return, self.view, self.look_anew.output, **AT_ONCE)
        outputs = [*self.views, self.look_anew.output]
        self.view.input(on_view, self.view, outputs, **AT_ONCE)
        self.new_run.click(on_setup, None, outputs, **QUIET)
        self.live.open_chat(self._on_open_chat, None, self.page.open_chat.output, **QUIET)
        next_run.connect(self.live, self.page)
        live.lead_home(self.live, self.page)

    def look_at(self, view: str) -> dict[Any, Any]:
        """Updates that show the form, or the run."""
        return {
            self.view: view,
            self.setup_view: gr.update(visible=view == "setup"),
            self.watch_view: gr.update(visible=view == "watch"),
        }

    def put(self, config: RunConfig, before: RunConfig | None) -> dict[Any, Any]:
        """Updates that put a config into the form and remember it, and what stood there before."""
        return self.setup.write(config) | {
            self.page.saved: {"settings": presets.differing(config)},
            self.page.before: presets.differing(before) if before else None,
            self.setup.undo: gr.update(visible=before is not None),
            self.setup.preset_note: "",
            self.look_anew.output: self.look_anew.send(""),
        }

    def put_changed(self, config: RunConfig, before: RunConfig, label: str) -> dict[Any, Any]:
        """The same with a note on what `label` changes."""
        changes = presets.changes(before, config)
        return self.put(config, before if changes else None) | {self.setup.preset_note: _describe(label, changes)}

    def read(self, values: Mapping[Any, Any]) -> RunConfig:
        """The config that stands in the form. Raises WorkbenchError if there can be none."""
        config = self.setup.read(values)
        if isinstance(config, WorkbenchError):
            raise config
        return config

    def _start_handler(self, asks: bool) -> Any:
        """`asks`: whether a run that will not fit is started at once, or only once that was said."""
        setup, panel = self.setup, self.setup.panel

        @shown
        def on_start(values: Mapping[Any, Any]) -> dict[Any, Any]:
            outlook = setup.look_closely(setup.read(values))
            if asks and outlook.plan.verdict == "will not fit":
                return panel.question.ask(outlook.plan)
            name = (values[panel.name] or "").strip() or next_name(self.page.root, outlook.plan.asked.data.path)
            run = launch.start(outlook.plan, name)
            if outlook.closes_chat:
                self.page.chat.close()
            return {self.live: run.id, panel.name: ""} | panel.question.hide() | self.look_at("watch")

        return on_start

    def _preset_handler(self, name: str) -> Any:
        @shown
        def on_preset(values: Mapping[Any, Any]) -> dict[Any, Any]:
            before = self.read(values)
            return self.put_changed(presets.load(name, before), before, text.PRESETS.get(name, name))

        return on_preset

    @shown
    def _on_open_chat(self, event: gr.EventData) -> str:
        return self.page.open_chat.send(RunDir.open(self.page.root, str(event.run)).id)


def _implied(config: RunConfig, before: RunConfig, entry: str) -> dict[str, Any]:
    """Settings that follow from what was chosen last."""
    # How the file chosen before is read says nothing about this one.
    of_data = file_defaults() if config.data.path != before.data.path else {}
    return of_data | implied_by(entry, before) | settled_targets(config, before)


def _edits(fields: Iterable[Any]) -> list[Any]:
    """What a user does to a field. Gradio tells of no input where text was pasted or a name written into a list."""
    left = [field.blur for field in fields if isinstance(field, gr.Textbox) or getattr(field, "multiselect", False)]
    return [*(field.input for field in fields), *left]


def _describe(label: str, changes: list[presets.Change]) -> str:
    if not changes:
        return text.PRESET_SAME.format(label)
    return html.escape(text.PRESET_CHANGES.format(label) + "; ".join(str(change) for change in changes))
