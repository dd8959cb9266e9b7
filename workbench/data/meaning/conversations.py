"""Layouts with lists of turns: whole conversations, and such whose last answer has a column of its own."""

from dataclasses import dataclass
from typing import Any

from workbench.data.examples import Example, Message
from workbench.data.meaning.columns import ANSWER, CONTEXT, MESSAGES, QUESTION, SYSTEM, Names, find_roles
from workbench.data.meaning.layout import Given, Mapping, Remarks, optional_text
from workbench.data.meaning.turns import CHAT_KEYS, Keys, keys_in, list_of_turns, read_turns, side_of
from workbench.data.reading.json_strict import kind
from workbench.data.reading.records import Cells, Record, Unfit


@dataclass(frozen=True)
class Conversation:
    """One column that lists the turns, each an object of a speaker and a text."""

    name: str
    keys: Keys
    note: str = ""

    @property
    def names(self) -> Names:
        return {"messages": MESSAGES, "system": SYSTEM}

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        mapping = find_roles(self.names, cells, given)
        return mapping if keys_in(cells, mapping.get("messages")) == self.keys else None

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        column = mapping["messages"]
        value = record.cells.get(column)
        turns = value if isinstance(value, list) else list_of_turns(value)
        if turns is None:
            raise Unfit(f"missing column {column}" if value is None else f"{column} is {kind(value)}, not a list")
        messages = read_turns(turns, self.keys, remarks)
        if "system" in mapping:
            messages = _with_system(messages, optional_text(record.cells, mapping["system"]))
        return Example(record.line, tuple(messages))


class SplitConversation:
    """A column of what came before, a text or turns, and a column with the turns of the answer."""

    name = "prompt and completion turns"
    names: Names = {"question": QUESTION, "answer": ANSWER, "system": SYSTEM}
    note = ""

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        mapping = find_roles(self.names, cells, given)
        return mapping if "question" in mapping and keys_in(cells, mapping.get("answer")) else None

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        return _joined_example(record, mapping, remarks)


class Preferences:
    """A column of chosen answers and one of rejected ones, texts or turns, to what another column asks."""

    name = "preference pairs"
    names: Names = {
        "question": (*QUESTION, *MESSAGES),
        "chosen": ("chosen", "preferred output"),
        "rejected": ("rejected", "non preferred output"),
        "context": ("input", *CONTEXT),
        "system": SYSTEM,
    }
    note = (
        "These are preference pairs. The chosen answers are learned; the rejected ones are kept for later and not used."
    )

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        mapping = find_roles(self.names, cells, given)
        return mapping if {"chosen", "rejected"} <= mapping.keys() else None

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        return _joined_example(record, mapping | {"answer": mapping["chosen"]}, remarks)


def _joined_example(record: Record, mapping: Mapping, remarks: Remarks) -> Example:
    cells = record.cells
    before = _turns_of(cells, mapping.get("question"), "user")
    after = _turns_of(cells, mapping["answer"], "assistant")
    if not after:
        raise Unfit("no answer")
    # Some files repeat the whole conversation beside what was asked.
    is_whole = isinstance(after[0], dict) and side_of(after[0].get("role")) in ("system", "user")
    if not before and not is_whole:
        raise Unfit("no question")
    if context := optional_text(cells, mapping.get("context")):
        before.append({"role": "user", "content": context})
    messages = read_turns(after if is_whole else [*before, *after], CHAT_KEYS, remarks)
    return Example(record.line, tuple(_with_system(messages, optional_text(cells, mapping.get("system")))))


def _turns_of(cells: Cells, column: str | None, role: str) -> list[Any]:
    """What a cell says as turns in the way of chat messages: a text is one turn of `role`."""
    value = cells.get(column) if column is not None else None
    if isinstance(value, dict):
        value = [value]
    if (turns := list_of_turns(value)) is not None:
        return [_as_chat(turn) for turn in turns]
    text = optional_text(cells, column)
    return [{"role": role, "content": text}] if text else []


def _as_chat(turn: Any) -> Any:
    is_other = isinstance(turn, dict) and "from" in turn and "role" not in turn
    return {"role": turn["from"], "content": turn.get("value")} if is_other else turn


def _with_system(messages: list[Message], system: str) -> list[Message]:
    """A system prompt of its own goes before one that stands beside it."""
    return [Message("system", system), *messages] if system and messages[0].role != "system" else messages
