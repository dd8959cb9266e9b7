"""Documents as tokens, with the places between paragraphs where they may be split into rows."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.data.rendering.encoding import Encoder
from workbench.models.templates import beginning_ids

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_PARAGRAPH_END = re.compile(r"\n\s*\n\s*")


class TextTokens:
    """Texts for one tokenizer. Each begins with the mark of the beginning where the model expects one."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase", encoder: Encoder) -> None:
        self._encoder = encoder
        self.beginning = beginning_ids(tokenizer)
        """It is only read."""
        self._end = [] if tokenizer.eos_token_id is None else [int(tokenizer.eos_token_id)]

    def encode(self, texts: Sequence[tuple[str, bool]]) -> list[tuple[list[int], list[int]]]:
        """The ids of each, and where its paragraphs end, the last at its very end.

        A text comes with whether its document ends with it: the model's end-of-text token then ends it, too.
        """
        rows = []
        for (text, ends), encoding in zip(texts, self._encoder.encode([text for text, _ in texts]), strict=True):
            ids = [*self.beginning, *encoding.ids, *(self._end if ends else ())]
            rows.append((ids, [*self._breaks(text, encoding), len(ids)]))
        return rows

    def _breaks(self, text: str, encoding: object) -> list[int]:
        ends = [match.end() for match in _PARAGRAPH_END.finditer(text)]
        if not ends:
            return []
        starts = [start for start, _ in encoding.offsets]  # type: ignore[attr-defined]
        places = (bisect_left(starts, end) for end in ends)
        return [len(self.beginning) + place for place in places if 0 < place < len(starts)]
