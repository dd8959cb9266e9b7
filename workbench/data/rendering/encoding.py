"""Texts as token ids, and places in a text as places among its tokens."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Located = tuple[list[int], list[int] | None]
"""Token ids, and how many of them stand before each edge; None if a token lies across one."""

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
        adds_a_space = self.ids("\na") != self.ids("\n") + self.ids("a")
        self._before = _BEFORE_A_PIECE if adds_a_space else ("",)

    def encode(self, texts: Sequence[str]) -> list[Any]:
        """The library's encodings: ids, and which characters each token stands for."""
        encodings: list[Any] = self._inner.encode_batch(texts, add_special_tokens=False)
        return encodings

    def ids(self, text: str) -> list[int]:
        ids: list[int] = self._inner.encode(text, add_special_tokens=False).ids
        return ids

    def locate(self, texts: Sequence[str], edges: Sequence[list[int]]) -> list[Located]:
        """The ids of each text, and its edges among them."""
        return [
            (encoding.ids, places_of(encoding, wanted, len(text)))
            for encoding, text, wanted in zip(self.encode(texts), texts, edges, strict=True)
        ]

    def locate_continued(self, pieces: Sequence[str], edges: Sequence[list[int]]) -> list[Located]:
        """The same for pieces from the middle of a text, without the space that some tokenizers put before a text."""
        before = self._before[0]
        encodings = self.encode([before + piece for piece in pieces])
        return [
            self._without(before, encoding, piece, wanted) or self._continued(piece, wanted)
            for encoding, piece, wanted in zip(encodings, pieces, edges, strict=True)
        ]

    def _continued(self, piece: str, edges: list[int]) -> Located:
        """For a piece that the tokenizer joins with the first of the texts to put before it."""
        for before in (*self._before[1:], ""):
            (encoding,) = self.encode([before + piece])
            if located := self._without(before, encoding, piece, edges):
                return located
        raise AssertionError("what stands after nothing is always told apart")

    def _without(self, before: str, encoding: Any, piece: str, edges: list[int]) -> Located | None:
        """What an encoding holds of the piece that stands after `before`; None if a token lies across."""
        known, ids = self.ids(before) if before else [], encoding.ids
        if ids[: len(known)] != known:
            return None
        length = len(before) + len(piece)
        places = places_of(encoding, [len(before) + edge for edge in edges], length)
        return ids[len(known) :], None if places is None else [place - len(known) for place in places]


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
