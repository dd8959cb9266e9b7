"""What the columns of a file mean. A layout is one class with `match` and `example`, and one row in FORMATS."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from workbench.data.examples import Example, Message
from workbench.data.meaning.columns import ANSWER, QUESTION, find_column
from workbench.data.reading.json_strict import kind
from workbench.data.reading.records import Cells, Record, Unfit, excerpt
from workbench.data.reading.text_rows import IS_LAST, PIECE

Mapping = dict[str, str]
"""Role to column."""


class Format(Protocol):
    """One layout of rows."""

    @property
    def name(self) -> str: ...

    def match(self, cells: Cells) -> Mapping | None:
        """Which column plays which role, if the row is laid out like this."""

    def example(self, record: Record, mapping: Mapping) -> Example:
        """Raises Unfit."""


def recognise(records: Sequence[Record]) -> tuple[Format, Mapping] | None:
    """The layout of most of these rows, and the columns that any of them has for it."""
    votes: Counter[int] = Counter()
    mappings: dict[int, Mapping] = {}
    for record in records:
        for place, layout in enumerate(FORMATS):
            if (mapping := layout.match(record.cells)) is not None:
                votes[place] += 1
                mappings[place] = mapping | mappings.get(place, {})
                break
    if not votes:
        return None
    best = votes.most_common(1)[0][0]
    return FORMATS[best], mappings[best]


@dataclass(frozen=True)
class Conversation:
    """One column that lists the turns, each an object of a role and a text."""

    name: str
    columns: tuple[str, ...]
    role_key: str
    text_key: str
    roles: dict[str, str]

    def match(self, cells: Cells) -> Mapping | None:
        column = find_column(self.columns, cells)
        turns = cells.get(column) if column else None
        if not isinstance(turns, list) or not turns or not isinstance(turns[0], dict):
            return None
        return {"messages": column} if column and self.role_key in turns[0] else None

    def example(self, record: Record, mapping: Mapping) -> Example:
        column = mapping["messages"]
        turns = record.cells.get(column)
        if not isinstance(turns, list):
            raise Unfit(f"missing column {column}" if turns is None else f"{column} is {kind(turns)}, not a list")
        messages = tuple(self._message(number, turn) for number, turn in enumerate(turns, start=1))
        if not any(message.role == "assistant" for message in messages):
            raise Unfit("no answer")
        # Without a question, most templates have no way to ask for the answer.
        if messages[0].role == "assistant":
            raise Unfit("begins with an answer")
        return Example(record.line, messages)

    def _message(self, number: int, turn: Any) -> Message:
        if not isinstance(turn, dict) or not {self.role_key, self.text_key} <= turn.keys():
            raise Unfit(f"message {number} has no {self.role_key} and {self.text_key}")
        role, content = turn[self.role_key], turn[self.text_key]
        known = self.roles.get(role) if isinstance(role, str) else None
        if known is None or (known == "system" and number > 1):
            place = " after the first message" if known else ""
            raise Unfit(f"message {number} has the role “{excerpt(str(role))}”{place}, which is not supported")
        if not isinstance(content, str):
            raise Unfit(f"message {number} is {kind(content)}, not text")
        if known != "system" and not content.strip():
            raise Unfit("no answer" if known == "assistant" else f"message {number} is empty")
        return Message(known, content)


@dataclass(frozen=True)
class Pairs:
    """A column of questions, a column of answers, and perhaps more that belongs to the question."""

    name: str
    question: tuple[str, ...]
    answer: tuple[str, ...]
    context: tuple[str, ...] = ()

    def match(self, cells: Cells) -> Mapping | None:
        roles = {"question": self.question, "answer": self.answer, "context": self.context, "system": _SYSTEM}
        found = {role: find_column(names, cells) for role, names in roles.items()}
        mapping = {role: column for role, column in found.items() if column is not None}
        return mapping if {"question", "answer"} <= mapping.keys() else None

    def example(self, record: Record, mapping: Mapping) -> Example:
        question = _text(record.cells, mapping["question"], "question")
        answer = _text(record.cells, mapping["answer"], "answer")
        if context := self._optional(record.cells, mapping, "context", self.context):
            question = f"{question}\n\n{context}"
        messages = [Message("user", question), Message("assistant", answer)]
        if system := self._optional(record.cells, mapping, "system", _SYSTEM):
            messages.insert(0, Message("system", system))
        return Example(record.line, tuple(messages))

    def _optional(self, cells: Cells, mapping: Mapping, role: str, names: tuple[str, ...]) -> str:
        # Rows that came early may have lacked a column that this row has.
        column = mapping.get(role) or find_column(names, cells)
        return _optional_text(cells, column) if column else ""


class TextColumn:
    """A column of texts, each a document of its own."""

    name = "text"

    def match(self, cells: Cells) -> Mapping | None:
        column = find_column(("text",), cells)
        return {"text": column} if column else None

    def example(self, record: Record, mapping: Mapping) -> Example:
        return Example(record.line, text=_text(record.cells, mapping["text"], "text"))


class RawText:
    """Pieces of one document."""

    name = "raw text"

    def match(self, cells: Cells) -> Mapping | None:
        return {} if {PIECE, IS_LAST} == cells.keys() else None

    def example(self, record: Record, mapping: Mapping) -> Example:
        return Example(record.line, text=record.cells[PIECE], ends_document=record.cells[IS_LAST])


def _text(cells: Cells, column: str, role: str) -> str:
    if column not in cells:
        raise Unfit(f"missing column {column}")
    text = _optional_text(cells, column)
    if not text:
        raise Unfit(f"no {role}")
    return text


def _optional_text(cells: Cells, column: str) -> str:
    """The text of a cell as it stands, or nothing where it is blank."""
    value = cells.get(column)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unfit(f"{column} is {kind(value)}, not text")
    return value if value.strip() else ""


_SYSTEM = ("system",)
_CHAT_ROLES = {"system": "system", "user": "user", "assistant": "assistant"}
_SHAREGPT_ROLES = _CHAT_ROLES | {"human": "user", "gpt": "assistant"}

FORMATS: tuple[Format, ...] = (
    Conversation("messages", ("messages", "conversations", "conversation"), "role", "content", _CHAT_ROLES),
    Conversation("sharegpt", ("conversations", "conversation"), "from", "value", _SHAREGPT_ROLES),
    Pairs("alpaca", ("instruction",), ("output", "response"), ("input", "context")),
    Pairs("question and answer", QUESTION, ANSWER),
    TextColumn(),
    RawText(),
)
