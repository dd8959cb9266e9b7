"""Examples as tokens, a batch at a time: the answers of a conversation are learned, of a text all of it.

renderer = Renderer(tokenizer, RenderSettings(labels="answers"))
rows, rejected = renderer.render(examples, first=0)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.data.examples import Example
from workbench.data.reading.records import Rejected, Unfit, excerpt
from workbench.data.rendering.control_text import ControlText
from workbench.data.rendering.encoding import Encoder
from workbench.data.rendering.text_tokens import TextTokens
from workbench.data.rendering.writing import ConversationWriter, Written
from workbench.data.rendering.written_tokens import WrittenTokens
from workbench.data.tokens_file import TokenRow
from workbench.errors import DataError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_MOVED_SYSTEM = "This model has no place for a system prompt: it stands before the first question instead."


@dataclass(frozen=True)
class RenderSettings:
    """See the settings of the same names; the template is the one that the tokenizer has."""

    labels: str = "answers"
    system_prompt: str = ""


@dataclass(frozen=True)
class RejectedExample(Rejected):
    """An example that gives no row: its place among the examples, and which file it came in."""

    example: int
    part: int


@dataclass(frozen=True)
class Batch:
    """Examples on their way: conversations written out, texts as they are, each with its place; and the rejected."""

    conversations: list[tuple[int, Written]]
    texts: list[tuple[int, Example]]
    rejected: list[RejectedExample]


class Renderer:
    """Makes tokens of examples for one tokenizer; several threads may ask at once.

    Raises SettingError at the first conversation if the tokenizer has no chat template, and DataError if its template
    ends an answer with no mark and there is none to put there.
    """

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", settings: RenderSettings) -> None:
        self._tokenizer = tokenizer
        self._settings = settings
        self._control = ControlText(tokenizer)
        self._encoder = Encoder(tokenizer)
        self._texts = TextTokens(tokenizer, self._encoder)
        self._special = set(tokenizer.all_special_ids)
        self._heads = {"": 0}

    def render(self, examples: Sequence[Example], first: int = 0) -> tuple[list[TokenRow], list[RejectedExample]]:
        """The rows of some examples, of which the first has the place `first`, and those that give none."""
        batch = self.write(examples, first)
        return self.encode(batch), batch.rejected

    def notes(self) -> list[str]:
        """What was done to the rows so far that their owner should know."""
        moved = "_writer" in vars(self) and self._writer.moved_system
        return [_MOVED_SYSTEM] if moved else []

    def write(self, examples: Sequence[Example], first: int) -> Batch:
        """The examples as the texts to encode."""
        batch = Batch([], [], [])
        for place, example in enumerate(examples, start=first):
            try:
                self._write(example, place, batch)
            except Unfit as error:
                shown = excerpt(_beginning(example))
                batch.rejected.append(RejectedExample(example.line, str(error), shown, place, example.part))
        return batch

    def encode(self, batch: Batch) -> list[TokenRow]:
        """The rows of a batch, in the order of its examples; other threads go on while it is encoded."""
        rows = [*self._conversation_rows(batch), *self._text_rows(batch)]
        return sorted(rows, key=lambda row: row.example)

    @cached_property
    def _writer(self) -> ConversationWriter:
        return ConversationWriter(self._tokenizer, self._settings.labels, self._settings.system_prompt)

    @cached_property
    def _tokens(self) -> WrittenTokens:
        return WrittenTokens(self._encoder, self._writer)

    @cached_property
    def _added_end(self) -> list[int]:
        """What ends the last answer where the template ends it with no mark."""
        if self._writer.end:
            return []
        if self._tokenizer.eos_token_id is None:
            message = "The chat template of this model ends an answer with no mark, and its tokenizer has none for it."
            raise DataError(message, "Choose another model.")
        return [int(self._tokenizer.eos_token_id)]

    def _write(self, example: Example, place: int, batch: Batch) -> None:
        self._control.check(example)
        if example.messages:
            batch.conversations.extend((place, written) for written in self._writer.write(example.messages))
        elif example.text:
            batch.texts.append((place, example))
        else:
            raise Unfit("nothing to learn in it")

    def _conversation_rows(self, batch: Batch) -> list[TokenRow]:
        if not batch.conversations:
            return []
        written = [row for _, row in batch.conversations]
        added = self._added_end
        rows = []
        for (place, row), (ids, spans) in zip(batch.conversations, self._tokens.encode(written), strict=True):
            spans[-1] += len(added)
            head = self._head_tokens(row.text[: row.head]) or int(ids[0] in self._special)
            rows.append(TokenRow(place, [*ids, *added] if added else ids, spans, head=head))
        return rows

    def _head_tokens(self, head: str) -> int:
        """Most rows of a file have the same system turn, or none."""
        tokens = self._heads.get(head)
        if tokens is None:
            tokens = len(self._encoder.ids(head))
            self._heads = {"": 0, head: tokens}
        return tokens

    def _text_rows(self, batch: Batch) -> list[TokenRow]:
        texts = [(example.text, example.ends_document) for _, example in batch.texts]
        head = len(self._texts.beginning)
        return [
            TokenRow(place, ids, (head, len(ids)), breaks, head)
            for (place, _), (ids, breaks) in zip(batch.texts, self._texts.encode(texts), strict=True)
        ]


def _beginning(example: Example) -> str:
    return example.text[:1000] or " / ".join(message.content[:200] for message in example.messages)
