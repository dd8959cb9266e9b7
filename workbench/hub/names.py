"""What can be a name on the hub. An address or a path is none: nothing is asked for before this has been checked."""

import re

MAX_CHARACTERS = 120

_PART = r"[A-Za-z0-9](?:[\w-]|\.(?!\.))*"

ID = f"{_PART}/{_PART}"
"""A repository, such as org/name."""

REVISION = f"{_PART}(?:/{_PART})*"
"""A branch, a tag or a commit."""


def fits(shape: str, text: str) -> bool:
    """Whether a text has the shape of such a name."""
    return len(text) <= MAX_CHARACTERS and re.fullmatch(shape, text, re.ASCII) is not None
