"""How fast somebody may ask: a few at once, then steadily."""

import time
from collections.abc import Callable


class Pace:
    """A bucket of `burst` questions that fills again at `per_minute`."""

    def __init__(self, per_minute: float, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_minute / 60
        self._burst = burst
        self._now = now
        self._left = float(burst)
        self._seen = now()

    def wait_seconds(self) -> float:
        """How long until the next question may be asked; 0 if it may now."""
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._seen) * self._per_second)
        self._seen = now
        return max(0.0, (1 - self._left) / self._per_second)

    def take(self) -> None:
        """Count a question that is asked."""
        self._left -= 1
