"""Names that become folders: no path ever comes from outside."""

import re

from workbench.errors import WorkbenchError

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def is_id(text: str) -> bool:
    """Whether `text` may name a folder of ours."""
    return _ID.fullmatch(text) is not None and not text.endswith(".")


def check_id(text: str, what: str = "name") -> str:
    """Return `text` if it may name a folder of ours.

    Raises WorkbenchError otherwise.
    """
    if not is_id(text):
        raise WorkbenchError(
            f"“{text[:80]}” cannot be used as a {what}.",
            "Use up to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.",
        )
    return text


def slug(text: str) -> str:
    """The nearest id to a display name: "My pirate!" becomes "my-pirate"."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return "-".join(words)[:48] or "run"
