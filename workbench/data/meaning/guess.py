"""The best guess at columns that go by no known name, from what stands in them; always told, never made among many."""

import re
from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Any

from workbench.data.meaning.columns import MESSAGES, find_column, find_roles, fold
from workbench.data.meaning.formats import CHAT, PAIRS, ROLE_WORDS, SHAREGPT, TEXTS
from workbench.data.meaning.layout import Found, Given, Mapping
from workbench.data.meaning.turns import Keys, keys_in
from workbench.data.reading.records import Record, excerpt

_LONG_CHARACTERS = 60
_HEADER_CHARACTERS = 40
_ROWS_FOR_LABELS = 6
_NUMBERING = ("id", "uid", "uuid", "index", "idx", "nr", "no", "row", "key", "")
_CODE = re.compile(r"\S*\d\S*|[\d\s.,:/-]+")
_NAMING = re.compile(
    r"[0-9a-f-]{16,}|https?://\S+|\S+@\S+|\S*[\\/]\S*|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*", re.IGNORECASE
)


class _Worth(IntEnum):
    """What a column is good for: nothing, a label or a number, or a text that someone wrote."""

    NONE = 0
    VALUE = 1
    TEXT = 2


def guess(records: Sequence[Record], columns: Sequence[str], given: Given) -> Found | None:
    """The likeliest layout, or None where there are too many ways to take the columns, or none."""
    if "text" in given:
        return Found(TEXTS, dict(given))
    if "messages" in given:
        return _conversation(records, [given["messages"]]) or Found(CHAT, dict(given))
    if not given and (found := _conversation(records, columns)):
        return found
    worth = {column: _worth(column, [record.cells.get(column) for record in records]) for column in columns}
    return _pair(columns, worth, given) or (None if given else _text(records, worth))


def _conversation(records: Sequence[Record], columns: Sequence[str]) -> Found | None:
    """The one column of lists of turns; else one that is called so, for its rows to tell what is wrong with them."""
    keys = {column: key for column in columns if (key := _first_keys(records, column))}
    if len(keys) == 1:
        column, key = next(iter(keys.items()))
        return Found(CHAT if key == CHAT.keys else SHAREGPT, {"messages": column}, _told({"messages": column}))
    called = find_column(MESSAGES, columns)
    if called is not None and any(isinstance(record.cells.get(called), list) for record in records):
        return Found(CHAT, {"messages": called})
    return None


def _pair(columns: Sequence[str], worth: dict[str, _Worth], given: Given) -> Found | None:
    """Questions and answers: those that are known, and the only columns left for what is not."""
    found = find_roles(PAIRS.names, columns, given)
    # “a” beside “q” is the answer; beside “b” it is only the first letter.
    mapping = {role: column for role, column in found.items() if role in given or len(column.strip()) > 1}
    left = [column for column in columns if column not in mapping.values()]
    wanted = [role for role in ("question", "answer") if role not in mapping]
    chosen = _only(left, worth, len(wanted))
    if chosen is None:
        return None
    mapping |= dict(zip(wanted, chosen, strict=True))
    pair = {role: mapping[role] for role in ("question", "answer")}
    return Found(PAIRS, pair | mapping, _told(pair) if wanted else "")


def _only(columns: list[str], worth: dict[str, _Worth], count: int) -> list[str] | None:
    """The only `count` columns of texts; else, labels and numbers counted, too, the only ones."""
    for least in (_Worth.TEXT, _Worth.VALUE):
        chosen = [column for column in columns if worth[column] >= least]
        if len(chosen) >= count:
            return chosen if len(chosen) == count else None
    return None


def _text(records: Sequence[Record], worth: dict[str, _Worth]) -> Found | None:
    """The only column of texts: where there are others beside it, only if its texts are long."""
    texts = [column for column, value in worth.items() if value is _Worth.TEXT]
    if len(texts) != 1:
        return None
    characters = sum(len(str(record.cells.get(texts[0]))) for record in records)
    if len(worth) > 1 and characters < _LONG_CHARACTERS * len(records):
        return None
    return Found(TEXTS, {"text": texts[0]}, _told({"text": texts[0]}))


def _worth(column: str, values: list[Any]) -> _Worth:
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    if fold(column) in _NUMBERING or 2 * len(texts) < len(values) or _is_counting(texts) or _most(_NAMING, texts):
        return _Worth.NONE
    is_repeated = len(texts) >= _ROWS_FOR_LABELS and 2 * len(set(texts)) <= len(texts)
    return _Worth.VALUE if is_repeated or _most(_CODE, texts) else _Worth.TEXT


def _is_counting(texts: list[str]) -> bool:
    """The numbers of rows."""
    if len(texts) < 2 or not all(text.isdecimal() for text in texts):
        return False
    numbers = [int(text[:15]) for text in texts]
    return all(after > before for before, after in pairwise(numbers))


def _most(pattern: re.Pattern[str], texts: list[str]) -> bool:
    return 2 * sum(pattern.fullmatch(text) is not None for text in texts) > len(texts)


def _first_keys(records: Sequence[Record], column: str) -> Keys | None:
    """How the turns in this column are written, going by the first row that has some."""
    return next((keys for record in records if (keys := keys_in(record.cells, column))), None)


def _told(mapping: Mapping) -> str:
    taken = " and ".join(f"“{excerpt(column)}” for {ROLE_WORDS[role]}" for role, column in mapping.items())
    sentence = f"Took {taken}; correct this if it is wrong."
    if sentences := [column for column in mapping.values() if _is_sentence(column)]:
        sentence += (
            f" If “{excerpt(sentences[0])}” is an example and no name of a column, "
            "switch off “First row names the columns”."
        )
    return sentence


def _is_sentence(column: str) -> bool:
    return len(column) > _HEADER_CHARACTERS or column.rstrip().endswith((".", "?", "!"))
