"""What is wrong, or unwise, between settings: one list, for the page and the command line alike."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """An error stops the start; a warning and a note are shown before it."""

    level: Literal["error", "warning", "note"]
    setting: str
    sentence: str
