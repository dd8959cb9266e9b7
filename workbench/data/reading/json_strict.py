"""One JSON row, read strictly: what other readers repair or drop in silence is a reason to leave the row out."""

import json
from collections import Counter
from math import isinf
from typing import Any, NoReturn

from workbench.data.reading.json_split import LEVEL, TOKEN
from workbench.data.reading.records import (
    MAX_COLUMNS,
    MAX_ROW_CHARACTERS,
    TOO_LONG,
    Cells,
    Record,
    Rejected,
    Unfit,
    check_text,
    excerpt,
    texts,
)

MAX_NESTING = 50


def read_row(line: int, text: str) -> Record | Rejected:
    """The row that `text` holds, or why it cannot be one."""
    try:
        return Record(line, check_row(parse(text)))
    except Unfit as error:
        return Rejected(line, str(error), excerpt(text))


def parse(text: str) -> Any:
    """The value of a JSON text. Raises Unfit."""
    if len(text) > MAX_ROW_CHARACTERS:
        raise Unfit(TOO_LONG)
    if _is_too_nested(text):
        raise Unfit(f"nested deeper than {MAX_NESTING} levels")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unfit(f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]} (character {error.pos + 1})") from None
    except ValueError:
        raise Unfit("holds a number with too many digits") from None
    # Only an escape can bring in what strict decoding keeps out; one character is searched for faster than two.
    if "\\" in text and "\\u" in text:
        for part in texts(value):
            check_text(part)
    return value


def check_row(value: Any) -> Cells:
    """Raises Unfit unless the value is an object of a sensible width."""
    if not isinstance(value, dict):
        raise Unfit(f"is {kind(value)}, not an object with named columns")
    if len(value) > MAX_COLUMNS:
        raise Unfit(f"has {len(value):,} columns; the limit is {MAX_COLUMNS}")
    return value


def kind(value: Any) -> str:
    """What a JSON value is, in words."""
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _is_too_nested(text: str) -> bool:
    # Most rows are flat, and to find no second bracket is much faster than to count them.
    if "[" not in text and text.find("{", 1) < 0:
        return False
    if text.count("[") + text.count("{") <= MAX_NESTING:
        return False
    depth = 0
    for match in TOKEN.finditer(text):
        depth += LEVEL.get(match[0], 0)
        if depth > MAX_NESTING:
            return True
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise Unfit(f"the name “{excerpt(twice)}” stands in it twice")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise Unfit(f"holds {name}, which is no JSON number")


def _float(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise Unfit(f"holds the number {excerpt(digits)}, which is too large")
    return number


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_refuse_constant)
