"""Layouts of one question and one answer a row, in columns of their own."""

from dataclasses import dataclass
from typing import Any

from workbench.data.examples import Example, Message
from workbench.data.meaning.columns import Names, find_column, find_roles
from workbench.data.meaning.layout import Format, Given, Mapping, Remarks, needed_text, optional_text
from workbench.data.reading.json_strict import parse
from workbench.data.reading.records import Cells, Record, Unfit


@dataclass(frozen=True)
class Pairs:
    """A column of questions, a column of answers, and perhaps more that stands around the question."""

    name: str
    names: Names
    note: str = ""

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        mapping = find_roles(self.names, cells, given)
        return mapping if {"question", "answer"} <= mapping.keys() else None

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        cells = record.cells
        question = needed_text(cells, mapping["question"], "question")
        answer = needed_text(cells, mapping["answer"], "answer")
        if len(mapping) == 2:
            return Example(record.line, (Message("user", question), Message("assistant", answer)))
        if context := optional_text(cells, mapping.get("context")):
            question = f"{question}\n\n{context}"
        before = _earlier(cells, mapping["history"], remarks) if "history" in mapping else []
        if system := optional_text(cells, mapping.get("system")):
            before.insert(0, Message("system", system))
        return Example(record.line, (*before, Message("user", question), Message("assistant", answer)))


class Instructions(Pairs):
    """Pairs whose questions go by one of their names, whichever column the user chose for them."""

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        mapping = super().match(cells, given)
        return mapping if mapping and find_column(self.names["question"], [mapping["question"]]) else None


@dataclass(frozen=True)
class Rated:
    """Rows of another layout, each with a mark that tells whether the answer is good."""

    of: Format
    note: str = "Each row is marked as good or bad. The good ones are learned; the bad ones are left out."

    @property
    def name(self) -> str:
        return f"{self.of.name}, marked good or bad"

    @property
    def names(self) -> Names:
        return {**self.of.names, "mark": ("label", "kto tag")}

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        mapping = self.of.match(cells, given)
        mark = find_roles({"mark": self.names["mark"]}, cells, given)
        return mapping | mark if mapping and mark and isinstance(cells[mark["mark"]], bool) else None

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        if record.cells.get(mapping["mark"]) is not True:
            raise Unfit(f"{mapping['mark']} does not mark it as good")
        return self.of.example(record, {role: mapping[role] for role in mapping if role != "mark"}, remarks)


def _earlier(cells: Cells, column: str, remarks: Remarks) -> list[Message]:
    """The pairs of question and answer that came before."""
    pairs = cells.get(column)
    if isinstance(pairs, str) and pairs.strip():
        pairs = parse(pairs)
    if not pairs:
        return []
    if not isinstance(pairs, list) or not all(_is_pair(pair) for pair in pairs):
        raise Unfit(f"{column} is no list of pairs of question and answer")
    remarks[_HISTORY] += 1
    roles = ("user", "assistant")
    return [Message(role, text) for pair in pairs for role, text in zip(roles, pair, strict=True)]


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) and text.strip() for text in pair)


_HISTORY = "Earlier questions and answers stand before the question"
