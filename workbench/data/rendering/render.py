"""Examples as training rows: the answers of a conversation are learned, of a text all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.data.examples import Example
from workbench.data.reading.records import Rejected, Unfit, excerpt
from workbench.data.rendering.chat_tokens import tokenize_chat
from workbench.data.rendering.control_text import ControlText
from workbench.data.rendering.rows import Row, cut_row, make_row
from workbench.data.rendering.text_tokens import tokenize_text
from workbench.errors import DataError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_SHORTEST_TOKENS = 2


@dataclass(frozen=True)
class Rendered:
    """The rows to train on, and the examples that gave none."""

    rows: tuple[Row, ...]
    rejected: tuple[Rejected, ...]


def render_all(examples: Iterable[Example], tokenizer: "PreTrainedTokenizerBase", max_length: int) -> Rendered:
    """Every example as rows, or the reason why it gives none. Raises DataError where none can be written at all."""
    if max_length < _SHORTEST_TOKENS:
        raise DataError(
            f"A longest example (max_length) of {max_length} tokens leaves nothing to learn.", "Choose 16 or more."
        )
    control = ControlText(tokenizer)
    rows: list[Row] = []
    rejected: list[Rejected] = []
    for example in examples:
        try:
            control.check(example)
            rows += render(example, tokenizer, max_length)
        except Unfit as error:
            rejected.append(Rejected(example.line, str(error), excerpt(_beginning(example))))
    return Rendered(tuple(rows), tuple(rejected))


def render(example: Example, tokenizer: "PreTrainedTokenizerBase", max_length: int) -> list[Row]:
    """One row for a conversation, written with the tokenizer's chat template; as many as it takes for a text.

    Raises Unfit where the example teaches nothing, DataError where the template cannot serve at all.
    """
    if example.messages:
        ids, learned = tokenize_chat(example.messages, tokenizer)
        begins_marked = bool(ids) and ids[0] in tokenizer.all_special_ids
        rows = [cut_row(make_row(ids, learned, example.line), max_length, int(begins_marked))]
    else:
        rows = tokenize_text(example, tokenizer, max_length)
    rows = [row for row in rows if row.learned_tokens]
    if not rows:
        raise Unfit("nothing to learn in it")
    return rows


def _beginning(example: Example) -> str:
    return example.text or " / ".join(message.content[:200] for message in example.messages)
