"""A phrasing: the slots that can be filled, the many ways to ask, the ways to answer."""

from typing import NamedTuple

Slots = dict[str, str]


class Phrasing(NamedTuple):
    name: str
    weight: float
    slots: tuple[Slots, ...]
    question: str
    answer: str
