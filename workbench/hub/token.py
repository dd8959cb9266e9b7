"""The token that shows the hub who asks."""

import os

VARIABLE = "HF_TOKEN"


def token() -> str | bool:
    """The one in the environment, and no other: one that lies on this computer was given for another purpose."""
    return os.environ.get(VARIABLE) or False
