"""The form of the Train tab: model, data, method, and the plan beside them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.client import ChatClient
from workbench.config import presets
from workbench.config.data import DataSettings
from workbench.config.fields import Leaf
from workbench.config.run_config import RunConfig
from workbench.data.preparing.prepare import Preparation
from workbench.data.preparing.results import ExamplesResult
from workbench.data.preparing.steps import Waiting
from workbench.errors import DataError, WorkbenchError
from workbench.training import plan as planning
from workbench.ui import preview, text
from workbench.ui.adapter_choice import AdapterChoice
from workbench.ui.choices import Options, check_listed, check_model, data_options, find_model, model_options
from workbench.ui.entry import DataEntry
from workbench.ui.fields import field_id
from workbench.ui.form import LEAVES, Form
from workbench.ui.method_choice import MethodChoice
from workbench.ui.models import view as other_models
from workbench.ui.models.facts_line import describe_model
from workbench.ui.notices import outcome
from workbench.ui.plan import table
from workbench.ui.plan.outlook import Outlook, find_outlook
from workbench.ui.plan.panel import Panel
from workbench.ui.target_choice import layer_options

_PATIENCE_SECONDS = 1.5
_ABOUT_READING = ("data.weights", "data.encoding", "data.header", "data.sheet")


class Setup:
    """The components of the form, and how they follow a config."""

    def __init__(self, root: Path, chat: ChatClient) -> None:
        self.root = root
        self.chat = chat
        self.form = Form()
        with gr.Row(elem_id="setup-columns", equal_height=False):
            with gr.Column(scale=7, min_width=320, elem_id="setup-form"):
                self._place_model()
                self._place_data()
                self._place_method()
            with gr.Column(scale=4, min_width=300, elem_id="plan-panel"):
                self.panel = Panel(root, self.form)

    def _place_model(self) -> None:
        with gr.Column(elem_classes="step"):
            gr.Markdown(f"### {text.MODEL_STEP}")
            self.model = _list_of("model.path", text.MODEL_HELP, model_options(self.root))
            self.form.add("model.path", self.model)
            self.model_facts = gr.HTML(elem_id="model-facts", elem_classes="facts")
            self.other_models = other_models.build(self.root)
            self.adapter = AdapterChoice(self.root)
            self.form.add("model.adapter", self.adapter.list)
            self.form.add("model.merged", self.adapter.merged)

    def _place_data(self) -> None:
        with gr.Column(elem_classes="step"):
            gr.Markdown(f"### {text.DATA_STEP}")
            self.data = _list_of("data.path", text.DATA_HELP, data_options(self.root))
            self.form.add("data.path", self.data)
            self.data_facts = gr.HTML(elem_id="data-facts", elem_classes="facts")
            with gr.Accordion(text.OWN_DATA_FOLD, open=False, elem_id="own-data"):
                self.entry = DataEntry(self.root)
            with gr.Accordion(text.PREVIEW_FOLD, open=False, elem_id="data-preview") as self.preview_fold:
                self.preview = gr.HTML(elem_id="preview")
            self.form.place_folded(text.READING_FOLD, "reading", _is_about_reading)
            self.form.place_folded(text.LEARNING_FOLD, "learning", lambda leaf: leaf.section == "data")

    def _place_method(self) -> None:
        with gr.Column(elem_classes="step"):
            gr.Markdown(f"### {text.METHOD_STEP}")
            self.method = MethodChoice(self.form)
            with gr.Row(elem_id="presets", elem_classes="buttons"):
                gr.HTML(text.PRESET, elem_classes="facts label")
                self.presets = {
                    name: gr.Button(text.PRESETS.get(name, name), size="sm", elem_id=f"preset-{name}")
                    for name in presets.names()
                }
            with gr.Row(elem_classes="buttons"):
                self.preset_note = gr.HTML(elem_id="preset-note", elem_classes="facts")
                self.undo = gr.Button(text.UNDO, size="sm", visible=False, elem_id="undo")
            with gr.Row(elem_classes="fields"):
                self.form.place(lambda leaf: not leaf.spec.advanced)
            self.form.place_folded(text.MORE_FOLD, "more", lambda leaf: leaf.section == "method")
            self.form.place_folded(text.WATCHING_FOLD, "watching", lambda leaf: leaf.section == "evaluation")
            self.form.place_folded(text.ADVANCED_FOLD, "advanced", lambda leaf: not leaf.spec.switch)

    @property
    def inputs(self) -> set[Any]:
        return self.form.inputs | {self.panel.name}

    @property
    def outcome(self) -> set[Any]:
        """What `work_out` may change: everything but what the user types."""
        shown = {self.model_facts, self.data_facts, self.preview_fold}
        return shown | self.panel.shown | self.adapter.shown | self.method.shown | self.form.reflecting

    def work_out(self, config: RunConfig | WorkbenchError, name: str) -> dict[Any, Any]:
        """Updates that show what a start would do, or why there can be none."""
        outlook = outcome(lambda: self.look(config))
        if not isinstance(outlook, Outlook):
            panel = self.panel
            shown = panel.show_waiting(outlook) if isinstance(outlook, Waiting) else panel.show_fault(outlook)
            return shown | {self.data_facts: ""} | self._show_chosen(config)
        plan = outlook.plan
        left_out = text.FOLD_LEFT_OUT.format(plan.rejected) if plan.rejected else ""
        return (
            self.form.reflect(plan.asked, plan.auto, layer_options(plan.facts))
            | self._show_model(plan.asked)
            | self.panel.show(outlook, name)
            | {
                self.data_facts: table.describe_data(plan),
                self.preview_fold: gr.update(label=text.PREVIEW_FOLD + left_out),
            }
        )

    def look(self, config: RunConfig | WorkbenchError) -> Outlook | Waiting:
        if isinstance(config, WorkbenchError):
            raise config
        return find_outlook(config, self.root, self.chat)

    def look_closely(self, config: RunConfig | WorkbenchError) -> Outlook:
        """That of a form that shows a plan. Raises WorkbenchError for a config that cannot be."""
        outlook = self.look(config)
        if isinstance(outlook, Waiting):
            raise DataError(text.STILL_READING, text.READING_HINT)
        return outlook

    def cancel_reading(self, config: RunConfig | WorkbenchError) -> None:
        """Give up the reading that the form waits for."""
        if isinstance(config, RunConfig):
            check_listed(config, self.root)
            planning.Sketch(config, self.root).cancel()

    def read(self, values: Mapping[Any, Any]) -> RunConfig | WorkbenchError:
        return outcome(lambda: self.form.read(values))

    def write(self, config: RunConfig) -> dict[Any, Any]:
        """Updates that put a config into the form, with lists as they are now, and the plan with it."""
        lists = {
            self.model: _choose(model_options(self.root), config.model.path),
            self.data: _choose(data_options(self.root, config.data.path), config.data.path),
        }
        written = self.form.write(config) | lists
        for component, update in self.work_out(config, "").items():
            both = isinstance(update, dict) and component in written
            written[component] = written[component] | update if both else update
        return written

    def choose_model(self, name: str) -> dict[str, Any]:
        """An update of the menu of models, listed anew, that chooses one. Raises SettingError if it is not there."""
        check_model(name, self.root)
        return gr.update(choices=model_options(self.root), value=name)

    def list_models_anew(self, chosen: str | None) -> dict[str, Any]:
        """The same that leaves the choice alone, unless that is gone."""
        options = model_options(self.root)
        is_there = any(name == chosen for _, name in options)
        return gr.update(choices=options) if is_there else gr.update(choices=options, value=None)

    def show_preview(self, name: str | None) -> str:
        """The first rows of a set in the list. Apart from `work_out`, since a set changes less often than a number."""
        if not name or name not in (listed for _, listed in data_options(self.root)):
            return ""
        found = outcome(lambda: Preparation(DataSettings(path=name), self.root).examples(_PATIENCE_SECONDS))
        return preview.render(found) if isinstance(found, ExamplesResult) else ""

    def _show_model(self, config: RunConfig) -> dict[Any, Any]:
        model = find_model(self.root, config.model.path)
        facts = {self.model_facts: describe_model(model)}
        return facts | self.adapter.look(config.model) | self.method.look(config, model)

    def _show_chosen(self, config: RunConfig | WorkbenchError) -> dict[Any, Any]:
        """What is known before there is a plan."""
        if isinstance(config, WorkbenchError):
            return {}
        return self._show_model(config) | self.form.show_method(config.method.name)


def _is_about_reading(leaf: Leaf) -> bool:
    """Whether a setting says how a file is read, rather than what is learned from it."""
    return leaf.path in _ABOUT_READING or leaf.path.endswith("_column")


def _list_of(path: str, info: str, options: Options) -> gr.Dropdown:
    return gr.Dropdown(choices=options, value=None, label=LEAVES[path].spec.label, info=info, elem_id=field_id(path))


def _choose(options: Options, name: str) -> dict[str, Any]:
    """An update of a list; what is not in it any more cannot be chosen."""
    return gr.update(choices=options, value=name if name in (value for _, value in options) else None)
