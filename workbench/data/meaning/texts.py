"""Layouts of plain text, which is learned as it stands."""

from workbench.data.examples import Example
from workbench.data.meaning.columns import TEXT, Names, find_roles
from workbench.data.meaning.layout import Given, Mapping, Remarks, needed_text
from workbench.data.reading.records import Cells, Record
from workbench.data.reading.text_rows import IS_LAST, PIECE


class TextColumn:
    """A column of texts, each a document of its own."""

    name = "text"
    names: Names = {"text": TEXT}
    note = ""

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        return find_roles(self.names, cells, given) or None

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        return Example(record.line, text=needed_text(record.cells, mapping["text"], "text"))


class RawText:
    """Pieces of one document."""

    name = "raw text"
    names: Names = {}
    note = ""

    def match(self, cells: Cells, given: Given) -> Mapping | None:
        return {} if {PIECE, IS_LAST} == cells.keys() else None

    def example(self, record: Record, mapping: Mapping, remarks: Remarks) -> Example:
        return Example(record.line, text=record.cells[PIECE], ends_document=record.cells[IS_LAST])
