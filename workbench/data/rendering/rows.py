"""What training is fed: token ids, and which of them are learned."""

from dataclasses import dataclass

IGNORED = -100
"""The label of a token that is read but not learned."""


@dataclass(frozen=True)
class Row:
    """One training row; `line` is where its example stands in its file, `cut` tells that tokens were left out."""

    input_ids: list[int]
    labels: list[int]
    line: int
    cut: bool = False

    @property
    def learned_tokens(self) -> int:
        # A model is asked for each next token, so the first label is never used.
        return sum(label != IGNORED for label in self.labels[1:])


def make_row(ids: list[int], learned: list[bool], line: int) -> Row:
    """A row up to its last learned token: what stands after it teaches nothing."""
    end = max((place + 1 for place, is_learned in enumerate(learned) if is_learned), default=0)
    labels = [token if is_learned else IGNORED for token, is_learned in zip(ids, learned, strict=True)]
    return Row(ids[:end], labels[:end], line)


def cut_row(row: Row, max_length: int, first_kept: int) -> Row:
    """A row of at most `max_length` tokens: the question is cut from its left, then the answer at its end.

    `first_kept` tokens at the beginning, where a model expects its mark of the beginning, stay.
    """
    if len(row.input_ids) <= max_length:
        return row
    room = max_length - first_kept
    start = min(len(row.labels) - room, _last_answer(row.labels))
    keep = [*range(first_kept), *range(start, start + room)]
    return Row([row.input_ids[place] for place in keep], [row.labels[place] for place in keep], row.line, cut=True)


def _last_answer(labels: list[int]) -> int:
    """Where the last learned stretch begins."""
    place = len(labels)
    while place and labels[place - 1] != IGNORED:
        place -= 1
    return place
