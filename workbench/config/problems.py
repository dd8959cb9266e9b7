"""What is wrong, or unwise, between settings: one list, for the page and the command line alike."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """An error stops the start; a warning is shown before it."""

    level: Literal["error", "warning"]
    setting: str
    sentence: str
