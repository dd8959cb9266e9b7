"""The numbers of a workbook as text: dates, codes with leading zeros, and plain numbers."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite

from workbench.data.reading.records import Unfit

GENERAL = "General"

_BUILT_IN = {
    **{number: "yyyy-mm-dd" for number in (14, 15, 16, 17, 22, *range(27, 37), *range(50, 59))},
    **{number: "hh:mm:ss" for number in (18, 19, 20, 21, 45, 47)},
}
"""The date formats that are known by their number alone."""

_LITERAL = re.compile(r'\\(.)|"([^"]*)"')
_HIDDEN = re.compile(r'\\.|"[^"]*"|\[[^\]]*\]|[_*].')
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_PLACES = frozenset("0 ()/-")
_PLAIN_INTEGER = re.compile(r"-?\d{1,15}")


@dataclass(frozen=True)
class NumberFormat:
    """How a cell shows its number; `code` is as people write it, such as 00000 or yyyy-mm-dd."""

    code: str = GENERAL

    @property
    def is_date(self) -> bool:
        first = self.code.split(";")[0]
        return not _ELAPSED.search(first) and bool(re.search("[ymdhs]", _HIDDEN.sub("", first).lower()))

    @property
    def mask(self) -> str:
        """The places of a code with leading zeros, such as 00-000; nothing for other numbers."""
        shown = _LITERAL.sub(lambda match: match[1] or match[2] or "", self.code)
        return shown if shown.count("0") > 1 and _PLACES.issuperset(shown) else ""


def find_format(number: int, custom: dict[int, str]) -> NumberFormat:
    """The format that a workbook knows by `number`."""
    return NumberFormat(custom.get(number) or _BUILT_IN.get(number, GENERAL))


def number_text(stored: str, shown_as: NumberFormat, *, is_1904: bool) -> str:
    """A stored number as people know it. Raises Unfit."""
    try:
        value = float(stored)
    except ValueError:
        raise Unfit(f"“{stored[:40]}” is no number") from None
    if not isfinite(value):
        raise Unfit(f"“{stored[:40]}” is no number")
    if shown_as.is_date and 0 <= value < 2_958_466:
        return _date(value, is_1904=is_1904)
    plain = _plain(stored, value)
    if plain.isdigit() and (mask := shown_as.mask):
        return _fill(mask, plain)
    return plain


def _plain(stored: str, value: float) -> str:
    if _PLAIN_INTEGER.fullmatch(stored):
        return stored
    # A spreadsheet keeps 15 digits; what stands behind them is noise of the machine.
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")


def _fill(mask: str, digits: str) -> str:
    """The digits in the places of a mask, from the right; what is too long stands before them."""
    left = list(digits.rjust(mask.count("0"), "0"))
    places = [left.pop() if place == "0" else place for place in reversed(mask)]
    return "".join(left) + "".join(reversed(places))


def _date(serial: float, *, is_1904: bool) -> str:
    moment = timedelta(seconds=round(serial * 86400))
    if serial < 1:
        return str(datetime.min + moment)[11:]
    # The first spreadsheets took 1900 for a leap year, and all later ones kept to it.
    start = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)
    try:
        date = start + moment
    except OverflowError:
        raise Unfit(f"{serial:g} is no date") from None
    return str(date) if serial % 1 else str(date.date())
