"""The Talk view: one component that draws, in the browser, what these functions and the stream of answers tell it.

Anyone can call them, so an argument may be anything: they answer with a problem instead of failing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.chat.client import ChatClient
from workbench.chat.conversation import Conversation
from workbench.chat.keeping.conversations import keep
from workbench.chat.keeping.votes import Vote, add_vote, describe_votes
from workbench.config.fields import leaves
from workbench.config.sampling import Sampling, presets
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir
from workbench.ui import text_chat as text
from workbench.ui.chat.company import Company
from workbench.ui.chat.files import tell_files
from workbench.ui.chat.wish import read_conversation
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.drawn import Answer, answered, draw
from workbench.ui.quantities import gigabytes

_SHEETS = ("talk", "talk/panes", "talk/words")

# Gradio looks for the quoted names of events in this text before it lets Python listen to them.
_START = f"""
import(location.origin + "{ASSETS_URL}/talk.js").then((talk) => talk.start(element, {{server, props, watch}}));
element.addEventListener("workbench:better", (event) => trigger("better", event.detail));
"""


def build(root: Path, client: ChatClient) -> gr.HTML:
    """The component. Its value is JSON: a `run` to talk to, or a `conversation` to go on with and its `reference`.

    `component.better(handler)` listens to the wish to correct an answer; its event holds the `conversation`, the place
    of the `exchange` in it, and the `name` of who answered.
    """
    return draw("talk", functions(root, client), _START, _SHEETS)


def functions(root: Path, client: ChatClient) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""
    company = Company(root)
    settings = _tell_settings()

    @answered
    def look(arg: Answer) -> Answer:
        told = company.tell(str(arg.get("lead", "")))
        votes = describe_votes(RunDir.open(root, told["lead"])) if told["lead"] else ""
        return settings | told | tell_files(root) | {"votes": votes}

    @answered
    def keep_talk(arg: Answer) -> Answer:
        return {"reference": keep(root, _conversation(arg), str(arg.get("reference", "")))}

    @answered
    def vote(arg: Answer) -> Answer:
        conversation = _conversation(arg)
        run = RunDir.open(root, conversation.lead)
        exchange = conversation.exchanges[_place(arg, len(conversation.exchanges))]
        about, blind = str(arg.get("about", "")), bool(arg.get("blind"))
        add_vote(run, Vote(about, exchange.prompt, exchange.vote, conversation.answerers, blind))
        return {"votes": describe_votes(run)}

    @answered
    def free_memory(_: Answer) -> Answer:
        held_gb = client.held_bytes() / 1e9
        client.close()
        return {"words": text.MEMORY_FREED.format(gigabytes(held_gb)) if held_gb else text.NO_MEMORY_HELD}

    return [look, keep_talk, vote, free_memory]


def _tell_settings() -> Answer:
    """How answers can be chosen: the presets, and each setting as it is declared."""
    fields = [
        {"path": leaf.path, "label": leaf.spec.label, "help": leaf.spec.help, "step": leaf.spec.step or 1}
        for leaf in leaves(Sampling)
    ]
    named = [
        {"name": name, "label": text.PRESETS.get(name, name), "values": sampling.model_dump()}
        for name, sampling in presets().items()
    ]
    return {"fields": fields, "presets": named}


def _conversation(arg: Answer) -> Conversation:
    try:
        conversation = read_conversation(arg.get("conversation"))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RunError(text.NO_CONVERSATION, text.RELOAD) from error
    if not conversation.exchanges:
        raise RunError(text.NO_CONVERSATION, text.RELOAD)
    return conversation


def _place(arg: Answer, count: int) -> int:
    place = arg.get("place")
    if not isinstance(place, int) or not 0 <= place < count:
        raise RunError(text.NO_CONVERSATION, text.RELOAD)
    return place
