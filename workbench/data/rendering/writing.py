"""Conversations as the text that the chat template makes of them, and where in it the answers stand."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.data.examples import Message
from workbench.data.reading.records import Unfit, excerpt
from workbench.data.rendering.layout import Layout
from workbench.models.templates import REFUSALS, TurnWriter, end_of_turn, missing_template, special_marks

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Span = tuple[int, int]
Turns = list[dict[str, str]]

_MOST_LAYOUTS = 1000
_PROBE = "Zq{}qZ"


@dataclass(frozen=True)
class Written:
    """The text of one row up to its last learned character. `spans` are the learned stretches, the last answer in one
    of its own; up to `head` it is the system turn. In characters."""

    text: str
    spans: tuple[Span, ...]
    head: int = 0


class ConversationWriter:
    """Writes conversations with a tokenizer's chat template.

    What is learned of an answer is what the model has to write: whatever follows the text that asks for it, up to and
    with the mark that ends it. A template that refuses or forgets a system turn gets the system prompt as the
    beginning of the first question instead. One that begins the answer itself when it asks for it leaves that to the
    model, in training and in chat alike.
    """

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", labels: str = "answers", system_prompt: str = "") -> None:
        if not tokenizer.chat_template:
            raise missing_template()
        self._template = TurnWriter(tokenizer)
        self._labels = labels
        self._system_prompt = system_prompt.strip()
        self._marks = re.compile("|".join(map(re.escape, special_marks(tokenizer))) or r"(?!)")
        self.moved_system = False
        """Whether a system prompt was put before the first question, for want of a place of its own."""
        self._layouts: dict[tuple[str, ...], Layout | None] = {}
        self.takes_system = self._takes_system()
        """Whether the template has a place for a system turn."""
        self.end = end_of_turn(tokenizer)
        """The mark after an answer, "" where there is none."""
        self._opening = self._opening_length()

    def ask(self, messages: tuple[Message, ...]) -> str:
        """A conversation as the model reads it before it answers. Raises Unfit."""
        return self._ask(self._turns(messages))

    def write(self, messages: tuple[Message, ...]) -> list[Written]:
        """One text, or one for each answer where the template writes earlier turns differently once others follow.

        What follows the last answer is left out, for nothing is learned there. Raises Unfit if the template refuses
        the conversation, or it has no answer.
        """
        turns = _up_to_last_answer(self._turns(messages))
        layout = self._layout_of(turns)
        found = layout.read(self._write(turns), [turn["content"] for turn in turns]) if layout else None
        rows = [Written(*found)] if found else self._compare(turns)
        return [Written(row.text, row.spans, self._head(turns, row.text)) for row in rows]

    def _takes_system(self) -> bool:
        contents = [_PROBE.format(place) for place in range(3)]
        try:
            return contents[0] in self._write(_as_turns(("system", "user", "assistant"), contents))
        except Unfit:
            return False

    def _opening_length(self) -> int:
        """How many letters of an answer the template writes itself when it asks for one, and not otherwise.

        Reasoning models are asked with <think> at the end, but their answers are kept without it.
        """
        contents = [_PROBE.format(place) for place in range(2)]
        turns = _as_turns(("user", "assistant"), contents)
        try:
            asked, answered = self._write(turns[:1], asking=True), self._write(turns)
        except Unfit:
            return 0
        before = answered.partition(contents[1])[0]
        return len(asked) - len(before) if asked.startswith(before) else 0

    def _turns(self, messages: tuple[Message, ...]) -> Turns:
        """The conversation with its system prompt where the template takes it."""
        turns = [{"role": message.role, "content": message.content} for message in messages]
        if self._system_prompt and not (turns and turns[0]["role"] == "system"):
            turns.insert(0, {"role": "system", "content": self._system_prompt})
        if self.takes_system or not turns or turns[0]["role"] != "system":
            return turns
        self.moved_system = True
        system = turns.pop(0)["content"]
        if turns and turns[0]["role"] == "user":
            system = f"{system}\n\n{turns.pop(0)['content']}"
        return [{"role": "user", "content": system}, *turns]

    def _ask(self, turns: Turns) -> str:
        asked = self._write(turns, asking=True)
        return asked[: len(asked) - self._opening]

    def _write(self, turns: Turns, *, asking: bool = False) -> str:
        try:
            return self._template.write(turns, asking=asking)
        except REFUSALS as error:
            raise Unfit(f"the chat template refuses it: {excerpt(str(error))}") from None

    def _layout_of(self, turns: Turns) -> Layout | None:
        """How the template writes conversations of this shape, found out once with contents that are easy to find."""
        roles = tuple(turn["role"] for turn in turns)
        if roles not in self._layouts and len(self._layouts) < _MOST_LAYOUTS:
            contents = [_PROBE.format(place) for place in range(len(roles))]
            try:
                rows = self._compare(_as_turns(roles, contents))
            except Unfit:
                rows = []
            self._layouts[roles] = Layout.of(rows[0].text, rows[0].spans, contents) if len(rows) == 1 else None
        return self._layouts.get(roles)

    def _compare(self, turns: Turns) -> list[Written]:
        """The rows of a conversation, found by writing it again before and after each answer."""
        answers = [place for place, turn in enumerate(turns) if turn["role"] == "assistant"]
        if self._labels != "answers":
            answers = answers[-1:]
        spoken = [self._answer(turns, place) for place in answers]
        full = spoken[-1].text
        if any(not full.startswith(one.text) for one in spoken):
            return spoken
        spans = tuple(span for one in spoken for span in one.spans)
        if self._labels == "everything" and spans[-1][0]:
            spans = ((0, spans[-1][0]), spans[-1])
        return [Written(full, spans)]

    def _answer(self, turns: Turns, place: int) -> Written:
        """The conversation up to the end of one answer, only that one learned."""
        after = self._write(turns[: place + 1])
        before = self._ask(turns[:place])
        if not after.startswith(before):
            raise Unfit(
                "the chat template asks for an answer in one way and writes it in another, so it cannot be told apart"
            )
        end = after.rfind(self.end, len(before)) if self.end else -1
        end = end + len(self.end) if end >= 0 else max(len(before), len(after.rstrip()))
        return Written(after[:end], ((len(before), end),))

    def _head(self, turns: Turns, text: str) -> int:
        """Where the system turn ends in the text, 0 where there is none."""
        if turns[0]["role"] != "system" or len(turns) == 1:
            return 0
        content = turns[0]["content"].strip()
        system_end = text.find(content) + len(content)
        next_start = text.find(turns[1]["content"].strip(), system_end)
        mark = self._marks.search(text, system_end)
        return mark.end() if mark and mark.end() <= next_start else max(0, next_start)


def _as_turns(roles: tuple[str, ...], contents: list[str]) -> Turns:
    return [{"role": role, "content": content} for role, content in zip(roles, contents, strict=True)]


def _up_to_last_answer(turns: Turns) -> Turns:
    for count in range(len(turns), 0, -1):
        if turns[count - 1]["role"] == "assistant":
            return turns[:count]
    raise Unfit("no answer")
