"""Ways to look at a part of the rows: each by an id, with the sentence that warns of it, and the rows that it finds.

To add one: a row in `FILTERS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from workbench.data.counting.subject import Array, Subject
from workbench.data.meaning.flags import FLAG_WORDS, Flags

_BAD_TOKENS_PER_BYTE = 0.5


@dataclass(frozen=True)
class Filter:
    """`why` says why the rows that it finds matter; without it they are nothing to warn of."""

    id: str
    label: str
    find: Callable[[Subject], Array]
    why: str = ""

    def sentence(self, count: int) -> str:
        return f"{self.label}: {count:,} row{'' if count == 1 else 's'}. {self.why}".rstrip()


def select(subject: Subject, filter_id: str) -> Array:
    """The places of the examples that a filter finds, in the order of the file; "" finds all that can be used.

    Raises KeyError for no filter.
    """
    if not filter_id:
        return np.flatnonzero(subject.is_accepted)
    return np.flatnonzero(mask(subject, filter_id))


def mask(subject: Subject, filter_id: str) -> Array:
    """Of each example whether a filter finds it; worked out once."""
    if filter_id not in subject.masks:
        subject.masks[filter_id] = BY_ID[filter_id].find(subject)
    return subject.masks[filter_id]


def _unusable(subject: Subject) -> Array:
    return ~subject.is_accepted


def _held_out(subject: Subject) -> Array:
    return np.isin(np.arange(len(subject)), subject.split.held_out) & subject.is_accepted


def _cut(subject: Subject) -> Array:
    return subject.is_cut


def _dropped(subject: Subject) -> Array:
    too_long = subject.tokens > subject.fitting.max_length
    return too_long & (subject.learned == 0) & (subject.fitting.over_long == "drop") & ~subject.words.is_plain


def _nothing_to_learn(subject: Subject) -> Array:
    return subject.is_accepted & (subject.learned == 0) & ~_dropped(subject)


def _duplicates(subject: Subject) -> Array:
    _, first = np.unique(subject.content, return_index=True)
    again = np.ones(len(subject), bool)
    again[first] = False
    return again & subject.is_accepted


def _contradictions(subject: Subject) -> Array:
    """Every example of a question that has different answers."""
    _, first, group = np.unique(subject.question, return_index=True, return_inverse=True)
    differs = subject.content != subject.content[first][group]
    return np.isin(group, group[differs]) & subject.is_accepted


def _split_badly(subject: Subject) -> Array:
    return subject.is_accepted & (subject.tokens > _BAD_TOKENS_PER_BYTE * subject.words.bytes)


def _flagged(flag: int, subject: Subject) -> Array:
    return subject.is_accepted & ((subject.flags & flag) != 0)


def _id_of(flag: Flags) -> str:
    return str(flag.name).lower()


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


FILTERS: tuple[Filter, ...] = (
    Filter("rejected", "Left out", _unusable, "Each says why; mend it, or let it be."),
    Filter("held_out", "Kept for checking", _held_out),
    Filter("cut", "Cut", _cut, "Longer than the longest example that is set."),
    Filter(
        "dropped",
        "Too long",
        _dropped,
        "Longer than the longest example that is set, and so left out, as the settings ask.",
    ),
    Filter("nothing", "Nothing to learn", _nothing_to_learn, "The answer begins where the row is cut off."),
    Filter("duplicates", "Exact copies", _duplicates, "What is there twice is learned twice."),
    Filter("contradictions", "Same question, other answer", _contradictions, "The model cannot learn both answers."),
    *(
        Filter(_id_of(flag), _capital(words.label), partial(_flagged, int(flag)), words.warning)
        for flag, words in FLAG_WORDS.items()
    ),
    Filter(
        "split_badly",
        "Split badly",
        _split_badly,
        "This model reads the words letter by letter.",
    ),
)
"""In the order in which they are offered."""

BY_ID = {filter.id: filter for filter in FILTERS}
