"""One question for a whole room: two answers without names, votes, and then the names. All of it in memory."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from workbench.chat.protocol import Event
from workbench.chat.questions import ORIGINAL, TUNED

LETTERS = ("A", "B")

_CALM_SECONDS = 0.1
_PULSE_SECONDS = 10.0
_MOST_HANDS = 9999


@dataclass
class Round:
    """One question. Which answer is A is drawn by chance, each time anew."""

    number: int
    prompt: str
    order: tuple[str, ...]
    texts: dict[str, str] = field(default_factory=lambda: {ORIGINAL: "", TUNED: ""})
    votes: dict[str, str] = field(default_factory=dict)
    """By the visitor's token: each has one vote, and may change it."""
    hands: Counter[str] = field(default_factory=Counter)
    """Counted by the presenter."""
    is_written: bool = False
    is_revealed: bool = False
    problem: str = ""

    def counts(self) -> dict[str, int]:
        given = Counter(self.votes.values())
        return {letter: given[letter] + self.hands[letter] for letter in LETTERS}


class Room:
    """Lives in one event loop. Whoever watches is told of each change."""

    def __init__(self) -> None:
        self.round: Round | None = None
        self._watchers: set[asyncio.Event] = set()

    @property
    def here(self) -> int:
        """How many pages watch."""
        return len(self._watchers)

    def begin(self, prompt: str) -> Round:
        number = self.round.number + 1 if self.round else 1
        order = random.SystemRandom().sample((ORIGINAL, TUNED), 2)
        self.round = Round(number, prompt, tuple(order))
        self._tell()
        return self.round

    def take(self, asked: Round, event: Event) -> None:
        """What comes of a question; of an earlier one nobody is told."""
        if event.kind == "text" or (event.kind == "done" and event.text):
            asked.texts[event.target] += event.text
        elif event.kind == "error":
            asked.problem = event.text
        elif event.kind == "end":
            asked.is_written = True
        self._tell()

    def vote(self, number: int, letter: str, token: str) -> bool:
        """A visitor's vote; False if there is nothing to vote on."""
        if not (asked := self._open(number, letter)):
            return False
        asked.votes[token] = letter
        self._tell()
        return True

    def raise_hand(self, number: int, letter: str, by: int) -> bool:
        """One more or one less of what the presenter counts; False if there is nothing to count."""
        if not (asked := self._open(number, letter)):
            return False
        asked.hands[letter] = max(0, min(_MOST_HANDS, asked.hands[letter] + by))
        self._tell()
        return True

    def reveal(self, number: int) -> bool:
        """Say which is which, which ends the vote."""
        if not self.round or self.round.number != number or not self.round.is_written:
            return False
        self.round.is_revealed = True
        self._tell()
        return True

    def view(self, token: str) -> dict[str, Any]:
        """What the visitor may know. Names come with the end of the vote, not before."""
        asked = self.round
        if asked is None:
            return {"number": 0, "here": self.here}
        return {
            "number": asked.number,
            "here": self.here,
            "prompt": asked.prompt,
            "texts": dict(zip(LETTERS, (asked.texts[name] for name in asked.order), strict=True)),
            "names": dict(zip(LETTERS, asked.order, strict=True)) if asked.is_revealed else {},
            "counts": asked.counts(),
            "vote": asked.votes.get(token, ""),
            "written": asked.is_written,
            "problem": asked.problem,
        }

    async def watch(self, token: str) -> AsyncGenerator[dict[str, Any], None]:
        """What there is to see, at once and after each change; a calm pulse shows that the page is still there."""
        changed = asyncio.Event()
        self._watchers.add(changed)
        self._tell()
        try:
            while True:
                changed.clear()
                yield self.view(token)
                await asyncio.sleep(_CALM_SECONDS)
                try:
                    await asyncio.wait_for(changed.wait(), _PULSE_SECONDS)
                except TimeoutError:
                    continue
        finally:
            self._watchers.discard(changed)
            self._tell()

    def _open(self, number: int, letter: str) -> Round | None:
        """The question that is voted on, if it is this one."""
        asked = self.round
        fits = asked and asked.number == number and asked.is_written and not asked.is_revealed and letter in LETTERS
        return asked if fits else None

    def _tell(self) -> None:
        for changed in self._watchers:
            changed.set()
