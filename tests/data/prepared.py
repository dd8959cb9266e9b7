"""Prepared data made here, without a process or a tokenizer: a token is a word, and an answer ends in one more."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from workbench.data.counting.subject import Subject
from workbench.data.examples import Example, Message
from workbench.data.examples_file import ExamplesWriter
from workbench.data.meaning.flags import flags_of
from workbench.data.preparing.prepare import Prepared
from workbench.data.preparing.results import (
    EXAMPLES,
    REJECTED,
    TOKENS,
    VOCABULARY,
    ExamplesResult,
    TokensResult,
    finish,
)
from workbench.data.rendering.fit import FitSettings
from workbench.data.split import Source, hold_out
from workbench.data.tokens_file import TokenRow, TokensWriter

HEAD, END = 3, 1

_FILE: dict[str, Any] = {
    "name": "mine.jsonl",
    "origin": 0,
    "reference": "mine@1",
    "place": 0,
    "held_out": False,
    "format": "pairs",
    "mapping": {"question": "q", "answer": "a"},
    "columns": ["q", "a"],
    "unsure": "",
    "sheets": [],
    "excluded": 0,
}


def ask(question: str, answer: str, line: int = 0) -> Example:
    return Example(line, (Message("user", question), Message("assistant", answer)))


class Store:
    """A folder of examples and one of tokens, as preparing leaves them."""

    def __init__(self, folder: Path) -> None:
        self.examples, self.tokens = folder / "examples", folder / "tokens"
        self.examples.mkdir()
        self.tokens.mkdir()

    def prepare(
        self,
        examples: Sequence[Example],
        rejected: Sequence[dict[str, Any]] = (),
        excluded: Sequence[dict[str, Any]] = (),
        no_tokens: int = -1,
    ) -> Prepared:
        with ExamplesWriter(self.examples / EXAMPLES) as kept, TokensWriter(self.tokens / TOKENS) as tokens:
            for place, example in enumerate(examples):
                kept.add(Example(place + 1, example.messages, example.text), 0, int(flags_of(example)))
                if place != no_tokens:
                    tokens.add([_tokens(place, example)])
        summary = {
            "files": [_FILE | {"accepted": len(examples), "rejected": len(rejected)}],
            "accepted": len(examples),
            "rejected": len(rejected),
            "excluded": len(excluded),
            "excluded_rows": list(excluded),
            "notes": ["A column is not used."],
        }
        finish(self.examples, summary)
        finish(self.tokens, {"notes": []})
        (self.examples / REJECTED).write_text("".join(json.dumps(row) + "\n" for row in rejected))
        gone = {
            "part": 0,
            "line": no_tokens + 1,
            "reason": "nothing to learn in it",
            "excerpt": "x",
            "example": no_tokens,
        }
        (self.tokens / REJECTED).write_text(json.dumps(gone) + "\n" if no_tokens >= 0 else "")
        _write_vocabulary(self.tokens / VOCABULARY)
        return Prepared(ExamplesResult(self.examples), TokensResult(self.tokens), (Source(),))

    def subject(
        self, examples: Sequence[Example], max_length: int = 64, over_long: str = "cut_prompt", **more: Any
    ) -> Subject:
        prepared = self.prepare(examples, **more)
        split = hold_out(prepared.examples.examples, prepared.sources, 0.1, seed=0)
        return Subject(prepared, split, FitSettings(max_length, over_long))


def _tokens(place: int, example: Example) -> TokenRow:
    if not example.messages:
        count = len(example.text.split()) + END
        return TokenRow(place, range(count), (0, count), breaks=(*range(4, count, 4), count))
    asked, answered = (len(message.content.split()) for message in example.messages)
    end = HEAD + asked + answered + END
    return TokenRow(place, range(end), (HEAD + asked, end), head=1)


def _write_vocabulary(path: Path) -> None:
    """Every token is its own number, but for one that is the first half of a letter and one that is the second."""
    pieces = [b"\xc5" if number == 5 else b"\x82" if number == 6 else f"{number} ".encode() for number in range(9999)]
    table = pa.table({"piece": pa.array(pieces, pa.binary())})
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
