"""What the browser wants to be asked: a conversation whose last question some of its answerers are to answer.

Anyone can send it, so it may be anything.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from workbench.chat.conversation import Conversation
from workbench.chat.gguf.questions import question_to_file
from workbench.chat.keeping.soundness import sound
from workbench.chat.protocol import Question
from workbench.chat.questions import MOST_STRENGTH, question_to
from workbench.config.build import check
from workbench.config.sampling import Sampling
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir
from workbench.ui import text_chat as text

MOST_BYTES = 8_000_000
MOST_ANSWERERS = 7


@dataclass(frozen=True)
class Wish:
    conversation: Conversation
    names: tuple[str, ...]
    """Of the answerers that are to answer."""
    asker: str
    """By which it can be stopped."""

    def by_model(self) -> list[Self]:
        """The same wish in parts, of which each is put to one model: that of the runs, or one GGUF file."""
        files = {name: self.conversation.answerers[name].file for name in self.names}
        return [
            replace(self, names=tuple(name for name in self.names if files[name] == file))
            for file in dict.fromkeys(files.values())
        ]

    def question(self, root: Path) -> Question:
        """Raises WorkbenchError for answerers that are gone, or that do not stand on one model."""
        talk = self.conversation
        asked = {name: (talk.answerers[name], talk.turns_of(name)) for name in self.names}
        lead = RunDir.open(root, talk.lead) if talk.lead else None
        if lead is None or any(answerer.file for answerer, _ in asked.values()):
            return question_to_file(root, asked, talk.sampling, lead)
        return question_to(lead, asked, talk.sampling)


def read_wish(body: bytes) -> Wish:
    """Raises SettingError for sampling that cannot be, RunError for whatever else is none."""
    try:
        data = json.loads(body)
        conversation = sound(read_conversation(data["conversation"]))
        names = tuple(name for name in conversation.answerers if name in data["names"])
        asker = data["asker"]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise RunError(text.NO_CONVERSATION, text.RELOAD) from error
    if not names or not isinstance(asker, str) or not conversation.exchanges:
        raise RunError(text.NO_CONVERSATION, text.RELOAD)
    return Wish(conversation, names, asker)


def read_conversation(data: Any) -> Conversation:
    """Raises as `Conversation.from_json` does, SettingError for sampling that cannot be, and RunError for strengths."""
    check(Sampling, data["sampling"])
    conversation = Conversation.from_json(data)
    if not all(isinstance(words, str) for words in _words_of(conversation)):
        raise TypeError("Where words are expected stands something else.")
    if len(conversation.answerers) > MOST_ANSWERERS:
        raise RunError(text.TOO_MANY.format(len(conversation.answerers), MOST_ANSWERERS), text.REMOVE_ONE)
    for answerer in conversation.answerers.values():
        if not 0 <= answerer.strength <= MOST_STRENGTH:
            raise RunError(text.NO_SUCH_STRENGTH.format(answerer.strength), text.STRENGTHS)
    return conversation


def _words_of(conversation: Conversation) -> Iterator[Any]:
    yield from (conversation.lead, conversation.system)
    for answerer in conversation.answerers.values():
        yield from (answerer.run_id, answerer.file, answerer.lora)
    for exchange in conversation.exchanges:
        yield from (exchange.prompt, exchange.vote)
        yield from (answer.text for answer in exchange.answers.values())
