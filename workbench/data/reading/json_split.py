"""The elements of a JSON list or object as texts, one by one, so that a bad one spoils only itself."""

import re
from collections.abc import Iterator
from typing import TextIO

from workbench.data.reading.records import MAX_ROW_CHARACTERS, Unfit

_CHUNK_CHARACTERS = 1024**2
LEVEL = {"[": 1, "{": 1, "]": -1, "}": -1}

_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'

# A whole string is one token, so that brackets inside it count for nothing; a lone quote is one that is still open.
TOKEN = re.compile(_STRING + r'|["\[\]{},]', re.DOTALL)

# Most rows are objects of plain values, or of lists of such objects: to take one whole is three times as fast.
_PLAIN = r'[^{}\[\]"]*+'
_FLAT_OBJECT = rf"\{{{_PLAIN}(?:{_STRING}{_PLAIN})*+\}}"
_FLAT_LIST = rf"\[{_PLAIN}(?:(?:{_STRING}|{_FLAT_OBJECT}){_PLAIN})*+\]"
_OBJECT = rf"\{{{_PLAIN}(?:(?:{_STRING}|{_FLAT_LIST}|{_FLAT_OBJECT}){_PLAIN})*+\}}"
_TOKEN_OR_OBJECT = re.compile(f"{_OBJECT}|{TOKEN.pattern}", re.DOTALL)


def split(stream: TextIO, longest: int = MAX_ROW_CHARACTERS) -> Iterator[str]:
    """The elements of the one list or object in `stream`; `longest` is in characters.

    Raises Unfit at the first place after which elements can no longer be told apart.
    """
    _skip_opening_bracket(stream)
    tokens = _tokens(stream)
    level, size = 1, 0
    parts: list[str] = []
    for text, token in tokens:
        level += LEVEL.get(token, 0)
        parts.append(text)
        if level == 0 or (level == 1 and token == ","):
            element = "".join(parts).strip()
            if element or token == ",":
                yield element
            parts, size = [], 0
            if level == 0:
                break
        else:
            parts.append(token)
            size = _checked_size(size + len(text) + len(token), longest)
    _check_end(level, tokens)


def _skip_opening_bracket(stream: TextIO) -> None:
    while stream.read(1).isspace():
        pass


def _checked_size(size: int, longest: int) -> int:
    if size > longest:
        raise Unfit(f"longer than {longest // 1024**2} MB; nothing after it can be read")
    return size


def _check_end(level: int, tokens: Iterator[tuple[str, str]]) -> None:
    if level > 0:
        raise Unfit("the file ends inside it: a quote or a bracket is not closed")
    text, token = next(tokens)
    if text.strip() or token:
        raise Unfit("stands after the end of the list; nothing from there on is read")


def _tokens(stream: TextIO) -> Iterator[tuple[str, str]]:
    """Each token with the text before it; at the end the text that is left, with no token."""
    rest = ""
    while chunk := stream.read(_CHUNK_CHARACTERS):
        rest += chunk
        done = 0
        for match in _TOKEN_OR_OBJECT.finditer(rest):
            if match[0] == '"':
                break
            yield rest[done : match.start()], match[0]
            done = match.end()
        rest = rest[done:]
        _checked_size(len(rest), MAX_ROW_CHARACTERS)
    yield rest, ""
