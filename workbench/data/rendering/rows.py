"""What training is fed: token ids, and which of them are learned."""

from dataclasses import dataclass

IGNORED = -100
"""The label of a token that is read but not learned."""


@dataclass(frozen=True)
class Row:
    """One training row; `example` is the place of its example in the file of examples, `cut` tells that tokens were
    left out."""

    input_ids: list[int]
    labels: list[int]
    example: int
    cut: bool = False

    @property
    def learned_tokens(self) -> int:
        # A model is asked for each next token, so the first label is never used.
        return sum(label != IGNORED for label in self.labels[1:])
