"""One sheet of a workbook, row by row."""

import re
from dataclasses import dataclass, field

from workbench.data.reading.records import MAX_ROW_CHARACTERS, TOO_LONG, Unfit
from workbench.data.reading.xlsx_formats import NumberFormat, number_text

_MAX_COLUMN = 16384
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Shared:
    """What the sheets of a workbook share."""

    strings: list[str]
    formats: list[NumberFormat]
    is_1904: bool


@dataclass
class SheetRow:
    """One row: its number, its texts by column (the first is 1), and why it cannot be used, if so."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    fault: str = ""


class SheetHandler:
    """Gathers the rows of a sheet; whoever takes them empties `rows`."""

    def __init__(self, shared: Shared) -> None:
        self.rows: list[SheetRow] = []
        self.merged: list[str] = []
        self._shared = shared
        self._row = SheetRow(0)
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._has_formula = False
        self._text = TextGatherer()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._row = SheetRow(int(attributes.get("r", self._row.number + 1)))
            self._column = 0
        elif name == "c":
            self._attributes = attributes
            self._has_formula = False
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            self._text = TextGatherer()
        elif name == "f":
            self._has_formula = True
        elif name == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
        self._text.start(name)

    def end(self, name: str) -> None:
        self._text.end(name)
        if name == "c":
            try:
                self._row.cells[self._column] = self._cell()
            except Unfit as error:
                self._row.fault = self._row.fault or f"{cell_name(self._column, self._row.number)}: {error}"
        elif name == "row":
            if sum(map(len, self._row.cells.values())) > MAX_ROW_CHARACTERS:
                self._row = SheetRow(self._row.number, fault=TOO_LONG)
            self.rows.append(self._row)

    def text(self, text: str) -> None:
        self._text.add(text)

    def _cell(self) -> str:
        kind = self._attributes.get("t", "n")
        text = self._text.joined
        if kind == "e":
            raise Unfit(f"holds the error {text[:20]}")
        # A formula may well result in an empty text, but not in an empty number.
        if self._has_formula and not text and kind != "str":
            raise Unfit("holds a formula whose result is not stored")
        if kind == "s":
            return self._shared.strings[int(text)] if text else ""
        if kind == "b":
            return "TRUE" if text == "1" else "FALSE"
        if kind == "n" and text:
            shown_as = self._shared.formats[int(self._attributes.get("s", 0))]
            return number_text(text, shown_as, is_1904=self._shared.is_1904)
        return unescape(text)


class TextGatherer:
    """The text of one cell or shared string: what stands in <v> and <t>, without hints at how it is pronounced."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._is_open = False
        self._is_hint = False

    @property
    def joined(self) -> str:
        return "".join(self._parts)

    def start(self, name: str) -> None:
        if name == "rPh":
            self._is_hint = True
        elif name in {"v", "t"} and not self._is_hint:
            self._is_open = True

    def end(self, name: str) -> None:
        if name == "rPh":
            self._is_hint = False
        elif name in {"v", "t"}:
            self._is_open = False

    def add(self, text: str) -> None:
        if self._is_open:
            self._parts.append(text)


def cell_name(column: int, row: int) -> str:
    """What a spreadsheet calls a cell, such as B3."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def unescape(text: str) -> str:
    """A text in which characters are written as _x000D_, except those that no text may hold."""
    return _ESCAPE.sub(_unescape_one, text) if "_x" in text else text


def _unescape_one(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)


def _column(reference: str) -> int:
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
        if not "A" <= letter <= "Z" or column > _MAX_COLUMN:
            raise Unfit(f"it holds no column {reference[:20]}")
    return column
