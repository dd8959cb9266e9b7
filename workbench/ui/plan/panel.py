"""The column beside the form: the name of the run, its plan, and the button that starts it."""

from pathlib import Path
from typing import Any

import gradio as gr

from workbench.config.problems import Problem
from workbench.data.preparing.steps import Waiting
from workbench.errors import WorkbenchError
from workbench.runs.run_dir import next_name
from workbench.training.calibration.job import is_under_way
from workbench.training.checks import find_problems
from workbench.training.command import command_for
from workbench.ui import text, text_plan
from workbench.ui.form import LEAVES, Form
from workbench.ui.line import describe_start
from workbench.ui.plan import following, problems, table
from workbench.ui.plan.asking import StartQuestion
from workbench.ui.plan.outlook import Outlook

_LOOK_SECONDS = 1.0


class Panel:
    """Its components, and the updates that show a plan, or why there is none."""

    def __init__(self, root: Path, form: Form) -> None:
        self._root = root
        self.name = gr.Textbox(label=text.NAME, info=text.NAME_HELP, max_lines=1, max_length=80, elem_id="run-name")
        self.plan = gr.HTML(elem_id="plan")
        self.following = following.build()
        self.cancel = gr.Button(text.CANCEL_READING, size="sm", visible=False, elem_id="cancel-reading")
        with gr.Row(elem_classes="buttons", elem_id="within"):
            self.minutes = gr.Number(value=20, label=text_plan.MINUTES, minimum=1, precision=0, elem_id="minutes")
            self.set_minutes = gr.Button(text_plan.SET_MINUTES, size="sm", elem_id="set-minutes")
            self.measure = gr.Button(text_plan.MEASURE, size="sm", visible=False, elem_id="measure")
        self.close_chat = gr.Button(text_plan.CLOSE_CHAT, size="sm", visible=False, elem_id="close-chat")
        self.timer = gr.Timer(_LOOK_SECONDS, active=False)
        form.place(lambda leaf: bool(leaf.spec.switch))
        self.start = gr.Button(text.START, variant="primary", interactive=False, elem_id="start")
        self.question = StartQuestion()
        with gr.Accordion(text.COMMAND_FOLD, open=False, elem_id="command-fold"):
            self.command = gr.Textbox(
                label=text.COMMAND_LABEL, lines=3, interactive=False, buttons=["copy"], elem_id="command"
            )

    @property
    def shown(self) -> set[Any]:
        """What the updates may change."""
        words = {self.name, self.plan, self.command}
        buttons = {self.cancel, self.close_chat, self.measure, self.start}
        return words | buttons | {self.timer} | self.question.shown

    def show(self, outlook: Outlook, name: str) -> dict[Any, Any]:
        found, suggested = find_problems(outlook.plan), next_name(self._root, outlook.plan.asked.data.path)
        is_measuring = is_under_way(self._root)
        return (
            self._wait(is_measuring)
            | self.question.follow(outlook.plan)
            | {
                self.cancel: gr.update(visible=False),
                self.measure: _measure_look(outlook.plan.time.basis == "arithmetic", is_measuring),
                self.plan: table.render(outlook, found),
                self.close_chat: gr.update(visible=outlook.chat_gb > 0 and not outlook.closes_chat),
                self.start: self._start_look(found),
                self.name: gr.update(placeholder=suggested),
                self.command: command_for(outlook.plan.asked, name or suggested),
            }
        )

    def show_fault(self, fault: WorkbenchError) -> dict[Any, Any]:
        start = gr.update(value=_ask_for(getattr(fault, "setting", "")), interactive=False)
        shown = {self.plan: table.render_fault(fault), self.start: start, self.command: ""}
        return shown | self._wait(False) | self.question.hide()

    def show_waiting(self, waiting: Waiting) -> dict[Any, Any]:
        start = gr.update(value=text.READING, interactive=False)
        shown = {self.plan: table.render_waiting(waiting), self.start: start, self.command: ""}
        return shown | self._wait(True) | self.question.hide()

    def _wait(self, is_waiting: bool) -> dict[Any, Any]:
        return {
            self.timer: gr.Timer(active=is_waiting),
            self.cancel: gr.update(visible=is_waiting),
            self.close_chat: gr.update(visible=False),
            self.measure: gr.update(visible=False),
        }

    def _start_look(self, found: list[Problem]) -> dict[str, Any]:
        if errors := problems.errors_among(found):
            return gr.update(value=_ask_for(errors[0].setting), interactive=False)
        return gr.update(value=describe_start(self._root) or text.START, interactive=True)


def _measure_look(is_guessed: bool, is_measuring: bool) -> dict[str, Any]:
    """The button, where times are guessed; for as long as the measuring takes, what it says instead."""
    label = text_plan.MEASURING if is_measuring else text_plan.MEASURE
    return gr.update(visible=is_guessed or is_measuring, value=label, interactive=not is_measuring)


def _ask_for(setting: str) -> str:
    """What the Start button says while it cannot be pressed."""
    if setting == "model.path" or not setting:
        return text.CHOOSE_MODEL.rstrip(".")
    if setting == "data.path":
        return text.CHOOSE_DATA.rstrip(".")
    return text.MEND.format(LEAVES[setting].spec.label) if setting in LEAVES else text.START
