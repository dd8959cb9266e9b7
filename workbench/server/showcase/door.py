"""Who may come in: the access code, the presenter's key, and those who are inside. All of it in memory."""

import hmac
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from workbench.server.showcase.pace import Pace

LETTERS = "CDFGHJKMNPQRTWXY34679"
"""None that looks like another, and no vowels, so that no code is a word."""
CODE_LENGTH = 6

_FREE_TRIES = 5
_LONGEST_LOCK_SECONDS = 300.0
_MOST_ADDRESSES, _MOST_VISITORS = 2000, 1000

Clock = Callable[[], float]
T = TypeVar("T")


class Refused(Exception):
    """Not let in; the words say why, to the visitor. `seconds` is how long the door stays closed for them."""

    def __init__(self, words: str, seconds: float = 0.0) -> None:
        super().__init__(words)
        self.seconds = seconds


@dataclass
class Visitor:
    """Somebody inside: a browser with our cookie."""

    token: str
    pace: Pace
    presents: bool = False
    is_asking: bool = False


@dataclass
class _Tries:
    """Wrong codes from one address."""

    count: int = 0
    closed_until: float = 0.0


def make_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """A code as it is read out."""
    half = CODE_LENGTH // 2
    return f"{code[:half]} {code[half:]}"


@dataclass
class Door:
    """One showcase's. The oldest visitors are forgotten when there are very many."""

    code: str = field(default_factory=make_code)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """The presenter's alone."""
    now: Clock = time.monotonic
    entered: int = 0
    _inside: OrderedDict[str, Visitor] = field(default_factory=OrderedDict)
    _tries: OrderedDict[str, _Tries] = field(default_factory=OrderedDict)
    _arrivals: OrderedDict[str, Pace] = field(default_factory=OrderedDict)
    _paces: OrderedDict[str, Pace] = field(default_factory=OrderedDict)

    def visitor(self, token: str) -> Visitor | None:
        return self._inside.get(token)

    def enter(self, offered: str, address: str) -> Visitor:
        """Raises Refused for a wrong code, any code while the door is closed to this address, and a crowd from it."""
        tries = _newest(self._tries, address, _Tries, _MOST_ADDRESSES)
        closed = tries.closed_until - self.now()
        if closed > 0:
            raise Refused(f"Too many wrong codes. Try again {in_seconds(closed)}.", closed)
        written = "".join(offered.upper().split()).replace("-", "")
        if not hmac.compare_digest(written.encode(), self.code.encode()):
            raise self._slow_down(tries)
        del self._tries[address]
        # Else one computer could push all others out of the list of visitors.
        arrivals = _newest(self._arrivals, address, lambda: Pace(30, burst=60, now=self.now), _MOST_ADDRESSES)
        if wait := arrivals.wait_seconds():
            raise Refused(f"Very many have come in from here. Try again {in_seconds(wait)}.", wait)
        arrivals.take()
        self.entered += 1
        return self._welcome()

    def present(self, offered: str, known: Visitor | None) -> Visitor | None:
        """The presenter, if the key is right."""
        if not hmac.compare_digest(offered.encode(), self.key.encode()):
            return None
        visitor = known or self._welcome()
        visitor.presents = True
        return visitor

    def pace_of(self, address: str) -> Pace:
        """What all who come from one address may ask together: another cookie is no way around the limit."""
        return _newest(self._paces, address, lambda: Pace(per_minute=60, burst=30, now=self.now), _MOST_ADDRESSES)

    def _welcome(self) -> Visitor:
        visitor = Visitor(secrets.token_urlsafe(24), Pace(per_minute=6, burst=3, now=self.now))
        return _newest(self._inside, visitor.token, lambda: visitor, _MOST_VISITORS)

    def _slow_down(self, tries: _Tries) -> Refused:
        tries.count += 1
        if tries.count < _FREE_TRIES:
            return Refused("This is not the code. Look again: it has six letters and digits.")
        seconds = min(_LONGEST_LOCK_SECONDS, 2.0 ** (tries.count - _FREE_TRIES + 2))
        tries.closed_until = self.now() + seconds
        return Refused(f"This is not the code. Try again {in_seconds(seconds)}.", seconds)


def in_seconds(seconds: float) -> str:
    """When to try again, for a person."""
    whole = math.ceil(seconds)
    if whole > 90:
        return f"in {math.ceil(whole / 60)} minutes"
    return "in a second" if whole == 1 else f"in {whole} seconds"


def _newest(kept: OrderedDict[str, T], name: str, make: Callable[[], T], most: int) -> T:
    """What is kept under a name, made if need be and moved to the end; beyond `most`, the oldest goes."""
    found = kept.get(name) or kept.setdefault(name, make())
    kept.move_to_end(name)
    while len(kept) > most:
        kept.popitem(last=False)
    return found
