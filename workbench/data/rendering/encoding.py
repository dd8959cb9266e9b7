"""Texts as token ids, and places in a text as places among its tokens."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer

from workbench.data.rendering.writing import Written

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Tokens = tuple[list[int], list[int]]
"""Token ids, and the places of the edges among them."""

_BEFORE_A_PIECE = ("\n", "x", "0")
"""Texts that hardly any tokenizer joins with what follows."""


class Encoder:
    """A tokenizer without whatever it would add, cut off or fill up by itself. Its batches use all processors."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        self._inner: Any = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
        self._inner.no_truncation()
        self._inner.no_padding()
        # It would add marks, which templates write, and leave white space out of where a token stands.
        self._inner.post_processor = None
        self._adds_a_space = self._ids("\na") != self._ids("\n") + self._ids("a")

    def encode(self, texts: Sequence[str]) -> list[Any]:
        """The library's encodings: ids, and which characters each token stands for."""
        encodings: list[Any] = self._inner.encode_batch(texts, add_special_tokens=False)
        return encodings

    def encode_written(self, rows: Sequence[Written]) -> list[Tokens]:
        """The ids of each text and where its head and its learned stretches begin and end: head, start, end, …"""
        edges = [[row.head, *(edge for span in row.spans for edge in span)] for row in rows]
        found: list[Tokens] = []
        for row, encoding, wanted in zip(rows, self.encode([row.text for row in rows]), edges, strict=True):
            places = places_of(encoding, wanted, len(row.text))
            found.append((encoding.ids, places) if places else self._in_pieces(row.text, wanted))
        return found

    def _in_pieces(self, text: str, edges: list[int]) -> Tokens:
        """Cut the text at its edges first: so will chat, where the model starts on a fresh token."""
        cuts = sorted({0, *edges, len(text)})
        ids: list[int] = []
        places = {0: 0}
        for start, end in pairwise(cuts):
            ids += self._ids(text[start:end]) if start == 0 else self._continued(text[start:end])
            places[end] = len(ids)
        return ids, [places[edge] for edge in edges]

    def _continued(self, piece: str) -> list[int]:
        """The ids of a piece from the middle of a text, without the space that some tokenizers put before a text."""
        for before in _BEFORE_A_PIECE if self._adds_a_space else ():
            known, ids = self._ids(before), self._ids(before + piece)
            if ids[: len(known)] == known:
                return ids[len(known) :]
        return self._ids(piece)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._inner.encode(text, add_special_tokens=False).ids
        return ids


def places_of(encoding: Any, edges: Sequence[int], length: int) -> list[int] | None:
    """How many tokens stand before each edge of a text; None if a token lies across one of them."""
    places = [_place_of(encoding, edge, length) for edge in edges]
    return [place for place in places if place is not None] if None not in places else None


def _place_of(encoding: Any, edge: int, length: int) -> int | None:
    if edge == 0 or edge >= length:
        return 0 if edge == 0 else len(encoding)
    token = encoding.char_to_token(edge)
    if token is None:
        # The tokenizer leaves this character out, as some do with white space.
        return _place_of_the_unseen(encoding.offsets, edge)
    if encoding.token_to_chars(token)[0] < edge:
        return None
    # A space that stands for no character belongs to what follows it.
    while token and encoding.token_to_chars(token - 1) == (edge, edge):
        token -= 1
    return int(token)


def _place_of_the_unseen(offsets: list[tuple[int, int]], edge: int) -> int | None:
    for place, (start, end) in enumerate(offsets):
        if end > edge:
            return place if start >= edge else None
    return len(offsets)
