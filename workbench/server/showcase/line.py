"""The line of those who wait for an answer: first come, first served, one place a visitor."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

AT_ONCE = 2
"""How many questions are answered side by side; together they take little longer than one."""
MOST_WAITING = 50

_PULSE_SECONDS = 5.0


class Line:
    """Lives in one event loop."""

    def __init__(self, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._at_once = at_once
        self._most = at_once + most_waiting
        self._places: list[Place] = []

    @property
    def waiting(self) -> int:
        return max(0, len(self._places) - self._at_once)

    def join(self) -> "Place | None":
        """A place at the end; None if the line is full."""
        if len(self._places) >= self._most:
            return None
        place = Place(self)
        self._places.append(place)
        return place

    def ahead_of(self, place: "Place") -> int:
        """How many must be served before this one: 0 if it is its turn, 1 if it is the next."""
        return max(0, self._places.index(place) - self._at_once + 1)

    def leave(self, place: "Place") -> None:
        if place in self._places:
            self._places.remove(place)
            for other in self._places:
                other.moved.set()


class Place:
    """One visitor's place. Whoever took it must leave it."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.moved = asyncio.Event()

    async def positions(self) -> AsyncIterator[int]:
        """Where it stands, 1 being next, whenever that may have changed and now and then besides; ends at its turn."""
        while position := self._line.ahead_of(self):
            self.moved.clear()
            yield position
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), _PULSE_SECONDS)

    def leave(self) -> None:
        self._line.leave(self)
