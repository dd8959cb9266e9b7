"""Written conversations as tokens, so that each answer begins on a token of its own, as it will in chat."""

from collections.abc import Sequence
from itertools import pairwise

from workbench.data.examples import Message
from workbench.data.reading.records import Unfit
from workbench.data.rendering.encoding import Encoder, Located
from workbench.data.rendering.writing import ConversationWriter, Written

Tokens = tuple[list[int], list[int]]
"""Token ids, and the learned stretches among them as start, end, start, end, …"""

_ASKED = (Message("user", "Hello"),)
_ANSWERED = (*_ASKED, Message("assistant", "Hello"))


class WrittenTokens:
    """Conversations of one writer for one tokenizer."""

    def __init__(self, encoder: Encoder, writer: ConversationWriter) -> None:
        self._encoder = encoder
        self._cuts_first = self._differs(writer)
        """Whether what asks for an answer has other tokens once an answer follows: as in chat, it must stand alone."""

    def encode(self, rows: Sequence[Written]) -> list[Tokens]:
        """The ids of each row and its learned stretches."""
        edges = [[edge for span in row.spans for edge in span] for row in rows]
        found: dict[int, Tokens] = {}
        for cuts in self._ways(edges):
            if not (missing := [number for number in range(len(rows)) if number not in found]):
                break
            texts = [rows[number].text for number in missing]
            located = self._locate(texts, [edges[number] for number in missing], [cuts[number] for number in missing])
            found |= {
                number: (ids, places)
                for number, (ids, places) in zip(missing, located, strict=True)
                if places is not None
            }
        return [found[number] for number in range(len(rows))]

    def _ways(self, edges: list[list[int]]) -> list[list[list[int]]]:
        """Where to cut each text before it is encoded: nowhere, else where answers begin, else where they end, too.

        The last always tells the edges apart, but what follows an edge may get other tokens than in one whole text.
        """
        nowhere: list[list[int]] = [[] for _ in edges]
        starts = [row[::2] for row in edges]
        return [starts, edges] if self._cuts_first else [nowhere, starts, edges]

    def _locate(self, texts: list[str], edges: list[list[int]], cuts: list[list[int]]) -> list[Located]:
        """The ids of texts that are cut first, and their edges."""
        bounds = [sorted({0, *row, len(text)}) for text, row in zip(texts, cuts, strict=True)]
        first = [text[: row[1]] for text, row in zip(texts, bounds, strict=True)]
        first_edges = [_within(wanted, 0, row[1]) for wanted, row in zip(edges, bounds, strict=True)]
        rest = [(text[a:b], _within(wanted, a, b)) for text, wanted, row in zip(texts, edges, bounds, strict=True)
                for a, b in pairwise(row[1:])]  # fmt: skip
        beginnings = self._encoder.locate(first, first_edges)
        others = iter(self._encoder.locate_continued([piece for piece, _ in rest], [wanted for _, wanted in rest]))
        return [_joined([one, *(next(others) for _ in row[2:])]) for one, row in zip(beginnings, bounds, strict=True)]

    def _differs(self, writer: ConversationWriter) -> bool:
        try:
            asked, (row,) = self._encoder.ids(writer.ask(_ASKED)), writer.write(_ANSWERED)
        except Unfit:
            return False
        ((ids, places),) = self._encoder.locate([row.text], [[row.spans[-1][0]]])
        return places is None or ids[: places[0]] != asked


def _within(edges: list[int], start: int, end: int) -> list[int]:
    """The edges after `start` and up to `end`, counted from there; one at the very beginning belongs to the first."""
    return [edge - start for edge in edges if start < edge <= end or edge == start == 0]


def _joined(pieces: list[Located]) -> Located:
    """One text of its pieces."""
    if len(pieces) == 1:
        return pieces[0]
    ids: list[int] = []
    places: list[int] = []
    for piece, found in pieces:
        if found is None:
            return ids, None
        places += [len(ids) + place for place in found]
        ids += piece
    return ids, places
