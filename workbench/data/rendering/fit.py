"""Whole rows of tokens cut to a length, in the order of training; only arrays are held, a row is made when asked for.

rows = fit(TokensFile(path), order, FitSettings(max_length=512))
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from workbench.data.rendering.rows import IGNORED, Row
from workbench.data.rendering.text_cuts import Stretch, split_text
from workbench.data.tokens_file import TokensFile
from workbench.errors import DataError

Array = np.ndarray[Any, Any]

_SHORTEST_TOKENS = 2


@dataclass(frozen=True)
class FitSettings:
    """See the settings of the same names. `overlap` is for texts only, and takes at most half of a row."""

    max_length: int
    over_long: str = "cut_prompt"
    overlap: int = 0


@dataclass(frozen=True)
class _Windows:
    """What is kept of each token row: its first `head` tokens, and those from `start` to `end`, of which those before
    `fresh` are read but not learned. All of shape [rows]."""

    source: Array
    head: Array
    start: Array
    end: Array
    fresh: Array

    def __len__(self) -> int:
        return len(self.source)

    def of(self, chosen: Array) -> "_Windows":
        """Those at some places, or where a mask says so."""
        return _Windows(*(column[chosen] for column in vars(self).values()))


@dataclass(frozen=True)
class Kept:
    """What a row keeps of the token row at place `source`; see `_Windows`."""

    source: int
    head: int
    start: int
    end: int
    fresh: int


class FittedRows(Sequence[Row]):
    """Rows for training, and what became of the examples that they were made of."""

    def __init__(self, tokens: TokensFile, windows: _Windows, learned: Array, counts: dict[str, int]) -> None:
        self._tokens = tokens
        self._windows = windows
        self.examples: Array = tokens.examples[windows.source]
        """The example of each row; shape [rows]."""
        self.lengths: Array = windows.head + windows.end - windows.start
        """Tokens of each row after cutting; shape [rows]."""
        self.learned: Array = learned
        """Learned tokens of each row; shape [rows]."""
        self.are_cut: Array = ~tokens.are_texts[windows.source] & (self.lengths < tokens.lengths[windows.source])
        """Whether tokens were left out; shape [rows]. A text that is split loses none."""
        self.cut = int(self.are_cut.sum())
        self.dropped = counts["dropped"]
        """Rows left out because they are too long."""
        self.nothing_to_learn = counts["nothing_to_learn"]
        """Rows left out because none of their tokens would be learned."""
        self.learned_tokens = int(learned.sum())
        self.total_tokens = int(self.lengths.sum())

    def __len__(self) -> int:
        return len(self._windows)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        windows = self._windows
        row = self._tokens[int(windows.source[place])]
        head, start, end = int(windows.head[place]), int(windows.start[place]), int(windows.end[place])
        labels = [IGNORED] * len(row.ids)
        for first, last in zip(row.spans[::2], row.spans[1::2], strict=True):
            labels[first:last] = row.ids[first:last]
        read = int(windows.fresh[place]) - start
        learned = [*labels[:head], *[IGNORED] * read, *labels[start + read : end]]
        return Row([*row.ids[:head], *row.ids[start:end]], learned, row.example, bool(self.are_cut[place]))

    def kept(self, place: int) -> Kept:
        """Which tokens of which token row one row is made of."""
        return Kept(*(int(values[place]) for values in vars(self._windows).values()))


def fit(tokens: TokensFile, examples: Array, settings: FitSettings) -> FittedRows:
    """The rows of `examples`, given by their places in the order of training; one may come several times.

    An example that gave no tokens gives no row. Raises DataError if nothing could be learned at this length.
    """
    if settings.max_length < _SHORTEST_TOKENS:
        message = f"A longest example (max_length) of {settings.max_length} tokens leaves nothing to learn."
        raise DataError(message, "Choose 16 or more.")
    # Looked up once for all examples in their order, which is much faster than one by one in the order of training.
    first = np.searchsorted(tokens.examples, np.arange(examples.max(initial=-1) + 2))
    source = _ranges(first[examples], first[examples + 1] - first[examples])
    all_rows = _windows_of(tokens, settings)
    kept = (all_rows.end > 0) | (tokens.lengths[all_rows.source] <= settings.max_length)
    learned = _learned_tokens(tokens, all_rows)
    # From here on each row may stand several times, in the order of training.
    per_source = np.bincount(all_rows.source, minlength=len(tokens))
    begin = np.cumsum(per_source) - per_source
    places = _ranges(begin[source], per_source[source])
    teaches = learned[places] > 0
    counts = {
        "dropped": int((~kept[places]).sum()),
        "nothing_to_learn": int((kept[places] & ~teaches).sum()),
    }
    places = places[teaches]
    return FittedRows(tokens, all_rows.of(places), learned[places], counts)


def _windows_of(tokens: TokensFile, settings: FitSettings) -> _Windows:
    """What is kept of every row, in their order; a text may give several. A dropped row keeps nothing."""
    too_long = tokens.lengths > settings.max_length
    windows = _cut_conversations(tokens, settings, too_long)
    long_texts = np.flatnonzero(too_long & tokens.are_texts)
    if not len(long_texts):
        return windows
    stretches: list[Stretch] = []
    sources: list[int] = []
    for place in long_texts.tolist():
        row = tokens[place]
        found = split_text(row.breaks, row.head, settings.max_length, settings.overlap)
        stretches += found
        sources += [place] * len(found)
    source = np.array(sources)
    start, fresh, end = np.array(stretches).T
    parts = _Windows(source, tokens.heads[source], start, end, fresh)
    rest = windows.of(~(too_long & tokens.are_texts))
    merged = _Windows(*(np.concatenate([getattr(rest, name), getattr(parts, name)]) for name in vars(parts)))
    return merged.of(np.argsort(merged.source, kind="stable"))


def _cut_conversations(tokens: TokensFile, settings: FitSettings, too_long: Array) -> _Windows:
    """Every row as if it were a conversation."""
    length, most = tokens.lengths.astype(np.int64), settings.max_length
    source, none = np.arange(len(length)), np.zeros(len(length), np.int64)
    if settings.over_long == "drop":
        end = np.where(too_long, 0, length)
        return _Windows(source, none, none, end, none)
    if settings.over_long == "cut_end":
        return _Windows(source, none, none, np.minimum(length, most), none)
    answer = _last_answers(tokens)
    # The answer comes before the system turn, which comes before the question.
    head = np.where(tokens.heads + length - answer <= most, tokens.heads, np.minimum(tokens.heads, 1))
    start = np.maximum(head, np.minimum(length - (most - head), answer))
    start, head = np.where(too_long, start, 0), np.where(too_long, head, 0)
    return _Windows(source, head, start, np.where(too_long, start + most - head, length), start)


def _last_answers(tokens: TokensFile) -> Array:
    """Where the last learned stretch of each row begins; 0 where none is learned."""
    spans, counts = tokens.spans()
    last = np.cumsum(counts) - 2
    return np.where(counts > 0, np.append(spans, 0)[np.where(counts > 0, last, -1)], 0).astype(np.int64)


def _learned_tokens(tokens: TokensFile, windows: _Windows) -> Array:
    """How many tokens of each window are learned. A model is asked for each next token, so the first never is."""
    spans, counts = tokens.spans()
    begin = np.cumsum(counts) - counts
    numbers = counts[windows.source] // 2
    owner = np.repeat(np.arange(len(windows)), numbers)
    place = _ranges(begin[windows.source] // 2, numbers)
    first, last = spans[0::2][place].astype(np.int64), spans[1::2][place].astype(np.int64)
    head, start = windows.head[owner], windows.start[owner]
    within = _overlap(first, last, windows.fresh[owner], windows.end[owner]) + _overlap(first, last, 0, head)
    beginning = np.where(head > 0, 0, start)
    never = _overlap(first, last, beginning, beginning + 1)
    never = np.where((head == 0) & (windows.fresh[owner] > start), 0, never)
    return np.bincount(owner, weights=within - never, minlength=len(windows)).astype(np.int64)


def _overlap(first: Array, last: Array, start: Array | int, end: Array | int) -> Array:
    return np.maximum(0, np.minimum(last, end) - np.maximum(first, start))


def _ranges(first: Array, counts: Array) -> Array:
    """first[0], first[0] + 1, … `counts[0]` of them, then the same of first[1], and so on."""
    if (counts == 1).all():
        return first
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(first, counts) + np.arange(len(before)) - before
