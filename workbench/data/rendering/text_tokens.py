"""Documents as rows of tokens, cut at ends of paragraphs where there is one to cut at."""

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from workbench.data.examples import Example
from workbench.data.rendering.rows import IGNORED, Row
from workbench.models.templates import beginning_ids

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_PARAGRAPH_END = re.compile(r"\n\s*\n\s*")


def tokenize_text(example: Example, tokenizer: "PreTrainedTokenizerBase", max_length: int) -> list[Row]:
    """All of it is learned; where the document ends, the model's end-of-text token is, too.

    Each row begins with the mark of the beginning where the model expects one; it is only read.
    """
    encoded = tokenizer(example.text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
    ids = list(encoded["input_ids"])
    starts = [start for start, _ in encoded["offset_mapping"]]
    paragraphs = [bisect_left(starts, match.end()) for match in _PARAGRAPH_END.finditer(example.text)]
    if example.ends_document and tokenizer.eos_token_id is not None:
        ids.append(tokenizer.eos_token_id)
    before = beginning_ids(tokenizer)
    # A row of one token would teach nothing, as the first token of a row is only read.
    edges = _edges(len(ids), paragraphs, max_length - len(before), 2 - len(before))
    unread = [IGNORED] * len(before)
    return [Row(before + ids[start:end], unread + ids[start:end], example.line) for start, end in pairwise(edges)]


def _edges(count: int, paragraphs: list[int], most: int, least: int) -> list[int]:
    """Where to cut `count` tokens: before the last paragraph that does not fit, else where the row is full."""
    edges = [0]
    while count - edges[-1] > most:
        full = min(edges[-1] + most, count - least)
        paragraph = paragraphs[max(0, bisect_right(paragraphs, full) - 1)] if paragraphs else 0
        edges.append(paragraph if edges[-1] + least <= paragraph <= full else full)
    return [*edges, count] if count else edges
