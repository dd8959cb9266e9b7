"""The layouts that are known, and which of them a file has. A new one is one class, a Format, and a row in FORMATS."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from workbench.data.meaning.columns import (
    ANSWER,
    CONTEXT,
    HISTORY,
    INSTRUCTION,
    QUESTION,
    SYSTEM,
    find_rivals,
)
from workbench.data.meaning.conversations import Conversation, Preferences, SplitConversation
from workbench.data.meaning.layout import Format, Found, Given, Mapping
from workbench.data.meaning.pairs import Instructions, Pairs, Rated
from workbench.data.meaning.texts import RawText, TextColumn
from workbench.data.meaning.turns import CHAT_KEYS, SHAREGPT_KEYS
from workbench.data.reading.records import Record, excerpt

CHAT = Conversation("messages", CHAT_KEYS)
SHAREGPT = Conversation("sharegpt", SHAREGPT_KEYS)
ALPACA = Instructions(
    "alpaca",
    {
        "question": INSTRUCTION,
        "answer": ("output", "response", *ANSWER),
        "context": ("input", *CONTEXT),
        "system": SYSTEM,
        "history": HISTORY,
    },
)
PAIRS = Pairs(
    "question and answer",
    {"question": QUESTION, "answer": ANSWER, "context": CONTEXT, "system": SYSTEM, "history": HISTORY},
)
TEXTS = TextColumn()

FORMATS: tuple[Format, ...] = (
    Preferences(),
    Rated(CHAT),
    Rated(SHAREGPT),
    CHAT,
    SHAREGPT,
    SplitConversation(),
    Rated(ALPACA),
    Rated(PAIRS),
    ALPACA,
    PAIRS,
    TEXTS,
    RawText(),
)
"""The first that fits a row is taken."""

ROLE_WORDS = {
    "question": "the questions",
    "answer": "the answers",
    "context": "the context of the questions",
    "system": "the system prompts",
    "history": "the earlier turns",
    "messages": "the conversations",
    "text": "the texts",
    "chosen": "the chosen answers",
    "rejected": "the rejected answers",
    "mark": "the marks",
}


def recognise(records: Sequence[Record], given: Given) -> Found | None:
    """The layout of most of these rows, with the column that most of them have for each role."""
    layouts = [layout for layout in FORMATS if given.keys() <= layout.names.keys()]
    matches = [match for record in records if (match := _first_match(layouts, record, given))]
    if not matches:
        return None
    best = Counter(place for place, _ in matches).most_common(1)[0][0]
    mapping = _usual([mapping for place, mapping in matches if place == best])
    columns = dict.fromkeys(chain.from_iterable(record.cells for record in records))
    return Found(layouts[best], mapping, _doubt(layouts[best], mapping, list(columns), given))


def _first_match(layouts: list[Format], record: Record, given: Given) -> tuple[int, Mapping] | None:
    for place, layout in enumerate(layouts):
        if (mapping := layout.match(record.cells, given)) is not None:
            return place, mapping
    return None


def _usual(mappings: list[Mapping]) -> Mapping:
    votes: dict[str, Counter[str]] = {}
    for mapping in mappings:
        for role, column in mapping.items():
            votes.setdefault(role, Counter())[column] += 1
    usual: Mapping = {}
    for role, counted in votes.items():
        column = counted.most_common(1)[0][0]
        if column not in usual.values():
            usual[role] = column
    return usual


def _doubt(layout: Format, mapping: Mapping, columns: list[str], given: Given) -> str:
    """What was taken for what, where another column goes by a name for the same."""
    told = []
    for role, column in mapping.items():
        if role not in given and (rivals := find_rivals(layout.names[role], columns, mapping.values())):
            others = " or ".join(f"“{excerpt(rival)}”" for rival in rivals[:3])
            told.append(f"Took “{excerpt(column)}” for {ROLE_WORDS[role]}, not {others}; correct this if it is wrong.")
    return " ".join(told)
