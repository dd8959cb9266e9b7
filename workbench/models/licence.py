"""Under which licence a model is given, as the files beside it say: a text by its makers, repeated and not judged."""

import re
from pathlib import Path

_MOST_BYTES = 65_536
_NAMED = re.compile(r"^(license|license_name):\s*[\"']?([\w.+-]{1,60})[\"']?\s*$", re.MULTILINE)
_TEXTS = {
    "apache-2.0": r"apache license\W+version 2\.0",
    "mit": r"mit license|permission is hereby granted, free of charge",
    "gpl-3.0": r"gnu general public license\W+version 3",
    "bsd-3-clause": r"neither the name of .{0,80}may be used to endorse",
}
"""What the usual licences begin with, or only they say."""

_SEE = "see its {}"


def read_licence(folder: Path) -> str:
    """The name in the card's head, or what a licence file is known by; empty where there is neither."""
    named = dict(_NAMED.findall(_head(_read(folder / "README.md"))))
    # “other” is how a card says that the hub has no name for it.
    found = named.get("license", "")
    if found and found != "other":
        return found
    return named.get("license_name") or _from_file(folder)


def _head(card: str) -> str:
    """The YAML between two lines of dashes that a card may begin with."""
    parts = re.split(r"^---\s*$", card, maxsplit=2, flags=re.MULTILINE)
    return parts[1] if len(parts) == 3 and not parts[0].strip() else ""


def _from_file(folder: Path) -> str:
    path = next((path for path in sorted(folder.iterdir()) if re.match(r"LICEN[CS]E", path.name)), None)
    if path is None:
        return ""
    text = " ".join(_read(path).lower().split())
    return next((name for name, words in _TEXTS.items() if re.search(words, text)), _SEE.format(path.name))


def _read(path: Path) -> str:
    """The beginning of a text, as far as it can be read."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(_MOST_BYTES).decode("utf-8", errors="replace")
