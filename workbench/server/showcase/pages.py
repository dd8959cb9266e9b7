"""The three pages of a showcase, filled with its words; and the files that belong to them."""

import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from workbench.chat.showing import Invitation
from workbench.server.showcase.door import spaced

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

OPEN_FILES = ("style.css", "icon.svg")
"""Which the page with the code field needs."""
FILES = (*OPEN_FILES, "room.css", "page.js", "room.js", "stream.js")


@dataclass(frozen=True)
class Words:
    """What the pages say that is this showcase's own."""

    title: str
    base: str
    tuned: str
    prompts: tuple[str, ...]
    open_to_network: bool = False


def read_file(name: str) -> tuple[bytes, str]:
    """One of FILES, and its type."""
    path = _FOLDER / name
    return path.read_bytes(), _TYPES[path.suffix]


def visitor_page(words: Words) -> str:
    return _fill("page.html", _of(words) | {"whose": "the presenter’s" if words.open_to_network else "this"})


def code_page(problem: str = "") -> str:
    """The way in: all that somebody without the code sees."""
    return _fill("enter.html", {"problem": html.escape(problem)})


def room_page(words: Words, invitation: Invitation) -> str:
    """Nobody can come in from elsewhere unless it is open, so that there is no address to show."""
    way_in = {"address": invitation.address, "code": spaced(invitation.code)}
    return _fill("room.html", _of(words) | way_in | {"hidden": "" if words.open_to_network else "hidden"})


def _of(words: Words) -> dict[str, str]:
    buttons = (f'<button type="button">{html.escape(prompt)}</button>' for prompt in words.prompts)
    named = {"title": words.title, "base": words.base, "tuned": words.tuned}
    return {name: html.escape(word) for name, word in named.items()} | {"prompts": "\n".join(buttons)}


def _fill(name: str, words: Mapping[str, str]) -> str:
    return Template((_FOLDER / name).read_text(encoding="utf-8")).substitute(words)
