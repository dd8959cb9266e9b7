"""An Excel workbook as the parts of its zip file: which sheets there are, and what they share."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.data.reading.archive import read_chunks
from workbench.data.reading.records import Unfit
from workbench.data.reading.xlsx_formats import NumberFormat, find_format
from workbench.data.reading.xlsx_sheet import Shared, SheetHandler, SheetRow, TextGatherer, unescape
from workbench.data.reading.xml_parts import Handler, parse_xml


@dataclass(frozen=True)
class Sheet:
    """A sheet of cells; charts are none."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """An open workbook. Raises Unfit for what no spreadsheet program writes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        main = self._links("").first("/officeDocument")
        self._main_links = self._links(main)
        self._contents = _Contents()
        self._parse(main, self._contents)
        self.sheets = [
            Sheet(name, self._main_links.targets[link], is_hidden)
            for name, link, is_hidden in self._contents.sheets
            if self._main_links.kinds.get(link, "").endswith("/worksheet")
        ]

    def shared(self) -> Shared:
        """What all sheets need; read once, before the first of them."""
        strings, styles = _Strings(), _Styles()
        if part := self._main_links.first("/sharedStrings"):
            self._parse(part, strings)
        if part := self._main_links.first("/styles"):
            self._parse(part, styles)
        formats = [find_format(number, styles.custom) for number in styles.used]
        return Shared(strings.strings, formats or [NumberFormat()], self._contents.is_1904)

    def rows(self, sheet: Sheet, handler: SheetHandler) -> Iterator[SheetRow]:
        """The rows of a sheet, as they are read."""
        for _ in self._events(sheet.part, handler):
            yield from handler.rows
            handler.rows.clear()

    def _links(self, part: str) -> "_Links":
        folder, name = posixpath.split(part)
        links = _Links(folder)
        self._parse(posixpath.join(folder, "_rels", f"{name}.rels"), links)
        return links

    def _parse(self, part: str, handler: Handler) -> None:
        for _ in self._events(part, handler):
            pass

    def _events(self, part: str, handler: Handler) -> Iterator[None]:
        try:
            member = self._archive.getinfo(part)
        except KeyError:
            raise Unfit(f"it has no part {part[:60]}") from None
        return parse_xml(read_chunks(self._archive, member), handler)


class _Quiet:
    """What the handlers below have in common: most of a part is of no interest."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


class _Links(_Quiet):
    """What a part refers to, by the names that it uses for it."""

    def __init__(self, folder: str) -> None:
        self.kinds: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self._folder = folder

    def first(self, kind: str) -> str:
        """The part of this kind, or nothing."""
        return next((self.targets[link] for link, found in self.kinds.items() if found.endswith(kind)), "")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and "Id" in attributes:
            target = posixpath.join("/", self._folder, attributes.get("Target", ""))
            self.kinds[attributes["Id"]] = attributes.get("Type", "")
            self.targets[attributes["Id"]] = posixpath.normpath(target).lstrip("/")


class _Contents(_Quiet):
    """The sheets by name, link and whether they are hidden, and how days are counted."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.is_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith("}id")), "")
            self.sheets.append((attributes.get("name", ""), link, attributes.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904") in {"1", "true"}


class _Strings(_Quiet):
    """The texts to which cells refer by number."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._text = TextGatherer()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._text = TextGatherer()
        self._text.start(name)

    def end(self, name: str) -> None:
        self._text.end(name)
        if name == "si":
            self.strings.append(unescape(self._text.joined))

    def text(self, text: str) -> None:
        self._text.add(text)


class _Styles(_Quiet):
    """The number of the format that each style shows, and the codes of those that the workbook brings along."""

    def __init__(self) -> None:
        self.custom: dict[int, str] = {}
        self.used: list[int] = []
        self._is_in_use = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.custom[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._is_in_use = True
        elif name == "xf" and self._is_in_use:
            self.used.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_in_use = False
