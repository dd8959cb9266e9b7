"""The examination: prompts in wordings that the corpus cannot produce, each with a mechanical check of its answer.

The topics stand in `heldout.jsonl`, one a line. Each wording is asked with each row: the row's first fields fill the
wording's slots, and the others are what the check looks for. The checks read words, not meaning.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

Check = Callable[[str], bool]

TOPICS_FILE = Path(__file__).with_name("heldout.jsonl")


class HeldOut(NamedTuple):
    kind: str
    prompt: str
    check: Check
    late: bool


class Topic(NamedTuple):
    """One line of the file; `late` ones were written after the corpus was closed, and nothing was changed for them."""

    kind: str
    check: str
    wordings: list[str]
    rows: list[list[str]]
    late: bool = False


def build_prompts() -> list[HeldOut]:
    """All prompts, in a fixed order."""
    return [prompt for topic in read_topics() for prompt in ask_topic(topic)]


def read_topics() -> list[Topic]:
    return [Topic(**json.loads(line)) for line in TOPICS_FILE.read_text(encoding="utf-8").splitlines()]


def ask_topic(topic: Topic) -> Iterator[HeldOut]:
    for wording in topic.wordings:
        for row in topic.rows:
            wanted = row[wording.count("{}") :]
            yield HeldOut(topic.kind, wording.format(*row), CHECKS[topic.check](wanted), topic.late)


def says(row: list[str]) -> Check:
    """One of the row's words stands in the answer."""
    pattern = re.compile(r"\b(" + "|".join(re.escape(word) for word in row) + r")\b", re.IGNORECASE)
    return lambda answer: bool(pattern.search(answer))


def ends(row: list[str]) -> Check:
    """The answer's last word is one of the row's: the result of a sum stands at its end."""
    return lambda answer: (re.findall(r"[\w-]+", answer.lower()) or [""])[-1] in row


def tells(row: list[str]) -> Check:
    """A story of two to six sentences that names every thing of the row."""
    return lambda answer: (
        2 <= len(re.findall(r"[.!?](?:\s|\"|$)", answer)) <= 6
        and all(re.search(rf"\b{thing}s?\b", answer, re.IGNORECASE) for thing in row)
    )


def counts(row: list[str]) -> Check:
    """The row's numbers, in order and nothing else."""
    return lambda answer: re.findall(r"\w+", answer.lower()) == row[-1].split()


CHECKS: dict[str, Callable[[list[str]], Check]] = {"says": says, "ends": ends, "tells": tells, "counts": counts}
