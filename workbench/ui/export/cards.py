"""The card of an export as the page shows it: its text, and what it says of how to use the files."""

import re
import zipfile
from pathlib import Path
from typing import Any

from workbench.export.record.card import NAME

Answer = dict[str, Any]

_USE = re.compile(r"^## How to use it\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```\w*\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def read_card(out: Path) -> str:
    """The card in an export, be it a folder or a zip file; "" where there is none."""
    if out.is_dir():
        path = out / NAME
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    with zipfile.ZipFile(out) as archive:
        name = f"{out.stem}/{NAME}"
        return archive.read(name).decode() if name in archive.namelist() else ""


def next_steps(card: str) -> list[Answer]:
    """What it says of how to use the files, in order: a paragraph of words, or exact code."""
    use = _USE.search(card)
    parts = _CODE.split(use[1]) if use else []
    return [step for place, part in enumerate(parts) for step in (_words(part), _code(part))[place % 2]]


def _code(part: str) -> list[Answer]:
    return [{"kind": "code", "text": part}]


def _words(part: str) -> list[Answer]:
    """Its lines are broken for those who read the file."""
    return [{"kind": "words", "text": " ".join(words.split())} for words in part.split("\n\n") if words.strip()]
