"""Talking: one question, answered by the original and by the tuned model side by side."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.questions import ORIGINAL, TUNED, answering_runs, question_for, suggested_prompts
from workbench.config.build import check
from workbench.config.fields import leaves, value_at
from workbench.config.sampling import Sampling, presets
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir
from workbench.ui import text, text_chat
from workbench.ui.conversation import Pane, Redraw
from workbench.ui.fields import from_field, make_field, to_field
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, QUIET, Page
from workbench.ui.quantities import gigabytes

_SUGGESTIONS = 3
_LEAVES = {leaf.path: leaf for leaf in leaves(Sampling)}


def build(page: Page) -> None:
    tab = ChatTab(page)
    tab.connect_choice(tab.connect_asking())
    tab.connect_sampling()


class ChatTab:
    """The conversation stands in the two panes; the model lives in the client's process."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.client = page.chat
        self.empty = gr.Markdown(text_chat.EMPTY, elem_id="chat-empty")
        with gr.Column(visible=False, elem_id="chat") as self.body:
            self._place_choice()
            self._place_panes()
            self._place_prompt()
        self.idle = [self.send, self.stop, *self.notes.values(), self.freed]
        self.shown = [self.empty, self.body, self.run, *self.panes.values(), *self.idle, *self.suggestions]

    def _place_choice(self) -> None:
        with gr.Row(elem_id="chat-choice"):
            self.run = gr.Dropdown([], label=text_chat.RUN, info=text_chat.RUN_HELP, elem_id="chat-run")
            self.preset = gr.Radio(
                [(text_chat.PRESETS.get(name, name), name) for name in presets()],
                value=next(iter(presets()), None),
                label=text_chat.PRESET,
                info=text_chat.PRESET_HELP,
                elem_id="chat-preset",
            )
        with gr.Accordion(text_chat.MORE, open=False, elem_id="chat-more"):
            self.system = gr.Textbox(label=text_chat.SYSTEM, info=text_chat.SYSTEM_HELP, lines=2, elem_id="chat-system")
            with gr.Row(elem_classes="fields"):
                self.sampling = {path: make_field(leaf) for path, leaf in _LEAVES.items()}

    def _place_panes(self) -> None:
        self.panes: dict[str, gr.Chatbot] = {}
        self.notes: dict[str, gr.HTML] = {}
        with gr.Row(elem_id="panes"):
            for name, label in ((ORIGINAL, text.ORIGINAL), (TUNED, text.TUNED)):
                with gr.Column(min_width=280):
                    self.panes[name] = _pane(name, label)
                    self.notes[name] = gr.HTML(elem_id=f"note-{name}", elem_classes="facts")

    def _place_prompt(self) -> None:
        with gr.Row(elem_id="chat-ask"):
            self.prompt = gr.Textbox(
                label=text_chat.PROMPT,
                placeholder=text_chat.PLACEHOLDER,
                lines=1,
                max_lines=6,
                scale=5,
                elem_id="prompt",
            )
            self.send = gr.Button(text.SEND, variant="primary", min_width=90, scale=0, elem_id="send")
            self.stop = gr.Button(text.STOP, interactive=False, min_width=90, scale=0, elem_id="stop")
            self.clear = gr.Button(text.CLEAR, min_width=90, scale=0, elem_id="clear")
        with gr.Row(elem_classes="buttons", elem_id="suggestions"):
            gr.HTML(text_chat.TRY, elem_classes="facts label")
            self.suggestions = [
                gr.Button("", size="sm", visible=False, elem_id=f"suggestion-{number}")
                for number in range(_SUGGESTIONS)
            ]

        with gr.Row(elem_classes="buttons"):
            self.free = gr.Button(text.FREE_MEMORY, size="sm", elem_id="free-memory")
            self.freed = gr.HTML(elem_id="freed", elem_classes="facts")

    def connect_choice(self, asking: list[Any]) -> None:
        """Which run answers: chosen here, or sent by another tab; the list is as new as the last look at the tab.

        A new conversation ends `asking`, the answers under way.
        """

        @shown
        def on_look(chosen: str | None) -> dict[Any, Any]:
            runs = [run.id for run in answering_runs(self.page.root)]
            if chosen in runs:
                return {self.run: gr.update(choices=self._choices())}
            return self.look_at(runs[0] if runs else None)

        self.page.blocks.load(on_look, self.run, self.shown, **QUIET)
        self.page.tabs.select(on_look, self.run, self.shown, **QUIET)
        self.page.open_chat.listen(self.look_at, self.shown)
        self.page.open_chat.output.change(None, cancels=asking)
        for chosen in (self.run.input, self.clear.click):
            chosen(shown(self.look_at), self.run, self.shown, cancels=asking, **QUIET)

    def look_at(self, run_id: str | None) -> dict[Any, Any]:
        """Updates that begin a conversation with a run's result, or say that there is none."""
        if not run_id:
            return {self.empty: gr.update(visible=True), self.body: gr.update(visible=False)}
        run = RunDir.open(self.page.root, run_id)
        base = Path(run.asked().model.path).name
        labels = {ORIGINAL: f"{text.ORIGINAL} ({base})", TUNED: f"{text.TUNED} ({run.name})"}
        updates: dict[Any, Any] = {
            self.empty: gr.update(visible=False),
            self.body: gr.update(visible=True),
            self.run: gr.update(choices=self._choices(), value=run.id),
        }
        for name, pane in self.panes.items():
            updates[pane] = gr.update(value=[], label=labels[name])
        return updates | self._idle() | self._suggest(suggested_prompts(run, _SUGGESTIONS))

    def connect_asking(self) -> list[Any]:
        """The ways to ask, as events that can be cancelled."""
        inputs = {self.prompt, self.run, self.system, *self.panes.values(), *self.sampling.values()}
        outputs = [self.prompt, *self.idle, *self.panes.values()]
        asking = [self._listen(event, inputs, outputs) for event in (self.send.click, self.prompt.submit)]
        for button in self.suggestions:
            chosen = button.click(lambda question: question, button, self.prompt, **AT_ONCE)
            asking.append(self._listen(chosen.then, inputs, outputs))
        # The page lets go at once; the worker is told as well, as it may be loading or reading for a while yet.
        self.stop.click(self._on_stop, None, self.idle, cancels=asking, **AT_ONCE)
        self.free.click(self._on_free, None, self.idle, cancels=asking, **AT_ONCE)
        return asking

    def _listen(self, event: Callable[..., Any], inputs: set[Any], outputs: list[Any]) -> Any:
        # One queue for all: the model answers one question at a time. "multiple", as otherwise a question asked right
        # after a stop would be dropped in silence while the worker still loads.
        asked = event(
            self._on_ask,
            inputs,
            outputs,
            concurrency_id="chat",
            concurrency_limit=1,
            trigger_mode="multiple",
            **QUIET,
        )
        asked.failure(self._idle, None, self.idle, **AT_ONCE)
        return asked

    def connect_sampling(self) -> None:
        """A preset writes its values into the fields."""

        @shown
        def on_preset(name: str) -> dict[Any, Any]:
            chosen = presets()[name]
            return {field: to_field(_LEAVES[path], value_at(chosen, path)) for path, field in self.sampling.items()}

        self.preset.input(on_preset, self.preset, list(self.sampling.values()), **QUIET)

    @shown
    def _on_ask(self, values: Mapping[Any, Any]) -> Iterator[dict[Any, Any]]:
        """Stream both answers; closing this stops them."""
        prompt = (values[self.prompt] or "").strip("\n").rstrip()
        if not prompt:
            raise RunError(text.NO_PROMPT, text.TYPE_PROMPT)
        sampling = self._read_sampling(values)
        run = RunDir.open(self.page.root, str(values[self.run] or ""))
        panes = {name: Pane(values[pane]) for name, pane in self.panes.items()}
        asked = {name: list(pane.ask(prompt, values[self.system] or "")) for name, pane in panes.items()}
        events = self.client.ask(question_for(run, asked, sampling))
        yield {
            self.prompt: "",
            self.freed: "",
            self.send: gr.update(interactive=False),
            self.stop: gr.update(interactive=True),
        }
        redraw = Redraw()
        with closing(events):
            for event in events:
                for name, pane in panes.items():
                    if event.target in ("", name):
                        pane.take(event)
                if redraw.is_due(event):
                    yield self._draw(panes)
        yield self._idle() | self._draw(panes)

    def _on_stop(self) -> dict[Any, Any]:
        self.client.stop()
        return self._idle()

    def _on_free(self) -> dict[Any, Any]:
        held_gb = self.client.held_bytes() / 1e9
        self.client.close()
        return self._idle() | {
            self.freed: text.MEMORY_FREED.format(gigabytes(held_gb)) if held_gb else text.NO_MEMORY_HELD
        }

    def _draw(self, panes: Mapping[str, Pane]) -> dict[Any, Any]:
        drawn: dict[Any, Any] = {self.panes[name]: pane.drawn() for name, pane in panes.items()}
        return drawn | {self.notes[name]: pane.note for name, pane in panes.items()}

    def _idle(self) -> dict[Any, Any]:
        buttons = {self.send: gr.update(interactive=True), self.stop: gr.update(interactive=False)}
        return buttons | dict.fromkeys(self.notes.values(), "")

    def _read_sampling(self, values: Mapping[Any, Any]) -> Sampling:
        return check(
            Sampling, {path: from_field(_LEAVES[path], values[field]) for path, field in self.sampling.items()}
        )

    def _choices(self) -> list[tuple[str, str]]:
        return [(run.name, run.id) for run in answering_runs(self.page.root)]

    def _suggest(self, prompts: list[str]) -> dict[Any, Any]:
        filled = [*prompts, *[""] * _SUGGESTIONS][:_SUGGESTIONS]
        return {
            button: gr.update(value=prompt, visible=bool(prompt))
            for button, prompt in zip(self.suggestions, filled, strict=True)
        }


def _pane(name: str, label: str) -> gr.Chatbot:
    # Plain text: what a model writes is shown as it is, and nothing in it is ever fetched.
    return gr.Chatbot(
        [],
        label=label,
        elem_id=f"pane-{name}",
        height=360,
        render_markdown=False,
        allow_tags=False,
        buttons=["copy"],
        layout="bubble",
        placeholder=text_chat.PLACEHOLDER,
        feedback_options=None,
    )
