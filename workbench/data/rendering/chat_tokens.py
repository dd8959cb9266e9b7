"""Conversations as token ids, with the answers marked exactly as far as the chat template writes them."""

from itertools import pairwise
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from workbench.data.examples import Message
from workbench.data.reading.records import Unfit, excerpt
from workbench.errors import DataError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Span = tuple[int, int]

_REFUSALS = (TemplateError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError)
"""What a template raises, on purpose or because a conversation is not what it expects, such as one without turns."""


def tokenize_chat(messages: tuple[Message, ...], tokenizer: "PreTrainedTokenizerBase") -> tuple[list[int], list[bool]]:
    """The token ids, and for each whether it is part of an answer. Raises Unfit if the template refuses the row."""
    written = _Written(messages, tokenizer)
    full = written.upto(len(messages))
    spans = [written.answer_span(full, place) for place, turn in enumerate(messages) if turn.role == "assistant"]
    return _mark_by_offsets(full, spans, tokenizer) or _mark_by_pieces(full, spans, tokenizer)


def prompt_ids(messages: tuple[Message, ...], tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """A conversation as the model reads it before it answers."""
    text = _Written(messages, tokenizer).upto(len(messages), asking=True)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


class _Written:
    """A conversation as the chat template writes it."""

    def __init__(self, messages: tuple[Message, ...], tokenizer: "PreTrainedTokenizerBase") -> None:
        if not tokenizer.chat_template:
            raise DataError(
                "This model has no chat template of its own, and questions and answers cannot be written without one.",
                "Set data.template to plain; or to chatml if the model knows <|im_start|> and <|im_end|>.",
            )
        self._turns = [{"role": message.role, "content": message.content} for message in messages]
        self._tokenizer = tokenizer

    def upto(self, count: int, *, asking: bool = False) -> str:
        """The first `count` turns; `asking` adds what precedes an answer."""
        turns = self._turns[:count]
        try:
            return str(self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=asking))
        except _REFUSALS as error:
            raise Unfit(f"the chat template refuses it: {excerpt(str(error))}") from None

    def answer_span(self, full: str, place: int) -> Span:
        """Where the answer at `place` stands in the full text, with the mark that ends it."""
        before, after = self.upto(place, asking=True), self.upto(place + 1)
        if not (full.startswith(after) and after.startswith(before)):
            raise DataError(
                "The chat template of this model writes earlier turns differently once others follow, "
                "so the answers cannot be told apart exactly.",
                "Set data.template to chatml or plain, or use one question and one answer in each example.",
            )
        return len(before), len(after.rstrip())


def _mark_by_offsets(
    text: str, spans: list[Span], tokenizer: "PreTrainedTokenizerBase"
) -> tuple[list[int], list[bool]] | None:
    """Learn the tokens inside a span; None if a token lies across the edge of one."""
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    learned = [False] * len(encoded["input_ids"])
    for place, (start, end) in enumerate(_widened(encoded["offset_mapping"])):
        for first, last in spans:
            if start < first < end or start < last < end:
                return None
            if first <= start and end <= last:
                learned[place] = True
    return list(encoded["input_ids"]), learned


def _widened(offsets: list[Span]) -> list[Span]:
    """The offsets without gaps: some tokenizers leave a token's white space out of them."""
    wide: list[Span] = []
    done = 0
    for start, end in offsets:
        wide.append((min(start, done), end))
        done = max(done, end)
    return wide


def _mark_by_pieces(text: str, spans: list[Span], tokenizer: "PreTrainedTokenizerBase") -> tuple[list[int], list[bool]]:
    """Cut the text at the edges of the spans first: so will chat, where the model starts on a fresh token."""
    ids: list[int] = []
    learned: list[bool] = []
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    for number, (start, end) in enumerate(pairwise(edges)):
        piece = tokenizer(text[start:end], add_special_tokens=False, verbose=False)["input_ids"] if start < end else []
        ids += piece
        learned += [number % 2 == 1] * len(piece)
    return ids, learned
