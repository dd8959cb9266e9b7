"""The time that something takes when nothing disturbs it."""

import time
from collections.abc import Callable

_LEAST_CALLS = 2
_MOST_CALLS = 6
_PATIENCE_SECONDS = 0.06


def best_seconds(work: Callable[[], object]) -> float:
    """The least of several calls, after one that warms up: what others do on the machine only ever adds."""
    work()
    begun, taken = time.perf_counter(), list[float]()
    while len(taken) < _LEAST_CALLS or (len(taken) < _MOST_CALLS and time.perf_counter() - begun < _PATIENCE_SECONDS):
        taken.append(seconds_of(work))
    return min(taken)


def seconds_of(work: Callable[[], object]) -> float:
    """A single call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
