"""Texts that end an answer and are not part of it. What may be the beginning of one is held back."""


class StopGate:
    """What an answer may show so far, piece by piece. `is_hit` once one of the texts has come."""

    def __init__(self, stops: list[str]) -> None:
        self._stops = stops
        self._held = ""
        self.is_hit = False

    def push(self, text: str) -> str:
        """What can be shown now."""
        self._held += text
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        self.is_hit = bool(found)
        end = min(found) if found else len(self._held) - self._begun()
        shown, self._held = self._held[:end], "" if found else self._held[end:]
        return shown

    def finish(self) -> str:
        """What was held back and has become nothing, at the end of the answer."""
        shown, self._held = self._held, ""
        return shown

    def _begun(self) -> int:
        """How much of the end of what is held may be the beginning of a stop."""
        longest = min(len(self._held), max(map(len, self._stops), default=1) - 1)
        lengths = range(longest, 0, -1)
        return next((size for size in lengths if any(stop.startswith(self._held[-size:]) for stop in self._stops)), 0)
