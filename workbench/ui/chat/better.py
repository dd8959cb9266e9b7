"""“Write a better answer”: below the chat, a box for how an answer should have been, and the set that learns it."""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.conversation import Conversation
from workbench.chat.keeping.corrections import Correction, add_correction, count_corrections, usual_set
from workbench.data.sets.sources import list_datasets
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir
from workbench.ui import next_run
from workbench.ui import text_kept as text
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Page, Signal

# The box may stand below what is in view.
_TO_THE_BOX = "() => document.querySelector('#better-answer textarea')?.focus()"


class Better:
    """The box. Which answer it is about stands in `wanted`: JSON of the run, and the turns that it had read."""

    def __init__(self) -> None:
        self.wanted = gr.Textbox(visible="hidden", elem_id="better-wanted", container=False, label="better-wanted")
        with gr.Column(visible=False, elem_id="better") as self.box:
            self.asked = gr.HTML(elem_id="better-asked")
            self.answer = gr.Textbox(
                label=text.BETTER, info=text.BETTER_HELP, lines=3, max_lines=12, elem_id="better-answer"
            )
            self.set = gr.Dropdown([], label=text.SET, info=text.SET_HELP, elem_id="better-set")
            with gr.Row(elem_classes="buttons"):
                self.add = gr.Button(text.ADD, variant="primary", size="sm", elem_id="better-add")
                self.close = gr.Button(text.CLOSE, size="sm", elem_id="better-close")
                gr.HTML(text.TAUGHT, elem_classes="facts", elem_id="better-note")
        with gr.Row(visible=False, elem_classes="buttons", elem_id="better-done") as self.done:
            self.count = gr.HTML(elem_classes="facts", elem_id="better-count")
            self.train = gr.Button(text.TRAIN_AGAIN, size="sm", elem_id="better-train")
        self.all = [self.wanted, self.box, self.asked, self.answer, self.set, self.done, self.count]


def build(page: Page, wish: Signal) -> None:
    """The box, hidden until `wish` is sent: JSON of `conversation`, `exchange` (which question) and `name`."""
    better = Better()
    wished = wish.listen(lambda sent: offer(page.root, better, sent), better.all)
    wished.success(None, None, None, js=_TO_THE_BOX, **AT_ONCE)

    @shown
    def on_add(values: Mapping[Any, Any]) -> dict[Any, Any]:
        wanted, name = json.loads(values[better.wanted]), str(values[better.set] or "")
        count = add_correction(page.root, name, Correction(tuple(wanted["turns"]), values[better.answer] or ""))
        return {better.box: gr.update(visible=False), **_tell_count(better, count)}

    @shown
    def on_train(wanted: str, name: str) -> str:
        run = RunDir.open(page.root, json.loads(wanted)["run"])
        return page.use_settings.send(next_run.with_corrections(run, name))

    @shown
    def on_choose(name: str) -> dict[Any, Any]:
        return _tell_count(better, count_corrections(page.root, name))

    # Through the queue: past it, gradio shows nobody what was wrong.
    better.add.click(on_add, {better.wanted, better.set, better.answer}, better.all, **QUIET)
    better.close.click(lambda: gr.update(visible=False), None, better.box, **AT_ONCE)
    better.set.input(on_choose, better.set, better.all, **AT_ONCE)
    better.train.click(on_train, [better.wanted, better.set], page.use_settings.output, **QUIET)


def offer(root: Path, better: Better, sent: str) -> dict[Any, Any]:
    """Updates that open the box for one answer. Raises WorkbenchError if there is none any more."""
    wish = json.loads(sent)
    talk, name, place = Conversation.from_json(wish["conversation"]), wish["name"], int(wish["exchange"])
    if name not in talk.answerers or not 0 <= place < len(talk.exchanges):
        raise RunError(text.NO_LONGER_THERE, text.CHOOSE_ANSWER)
    exchange, run = talk.exchanges[place], RunDir.open(root, talk.answerers[name].run_id or talk.lead)
    answer = exchange.answers[name].text if name in exchange.answers else ""
    own = usual_set(run)
    names = [own, *(data.name for data in list_datasets(root) if not data.is_sample and data.name != own)]
    return {
        better.wanted: json.dumps({"run": run.id, "turns": talk.turns_of(name, place)}),
        better.box: gr.update(visible=True),
        better.asked: f"<small>{text.ASKED}</small><p dir='auto'>{html.escape(exchange.prompt)}</p>",
        better.answer: answer.strip(),
        better.set: gr.update(choices=names, value=own),
        **_tell_count(better, count_corrections(root, own)),
    }


def _tell_count(better: Better, count: int) -> dict[Any, Any]:
    words = text.ONE_ADDED if count == 1 else text.MANY_ADDED.format(count)
    return {better.done: gr.update(visible=count > 0), better.count: words}
