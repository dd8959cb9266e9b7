"""Workbooks: stored values as people know them, and what is said about sheets and merged cells."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.data.files import written
from tests.data.packed import HEADER, row, workbook
from workbench.data.reading.read import read_items
from workbench.data.reading.records import Item, Note, ReadingOptions, Record
from workbench.data.reading.xlsx_formats import NumberFormat, number_text
from workbench.data.reading.xlsx_rows import sheet_names
from workbench.errors import DataError


def _items(path: Path, **options: Any) -> list[Item]:
    return list(read_items(path, ReadingOptions(**options)))


def test_a_workbook_of_another_program_reads_as_it_was_written(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    cells = ["007", 7, 0.1 + 0.2, True, "a\nb <é>", datetime.datetime(2024, 5, 1, 12, 30), datetime.date(1999, 12, 31)]
    sheet.append([f"c{number}" for number in range(len(cells))])
    sheet.append(cells)
    sheet.append([None, "=1+1"])
    sheet.append([950])
    sheet["A4"].number_format = "00000"
    book.save(tmp_path / "a.xlsx")
    first, formula, padded = _items(tmp_path / "a.xlsx")
    assert isinstance(first, Record) and isinstance(padded, Record)
    told = ["007", "7", "0.3", "TRUE", "a\nb <é>", "2024-05-01 12:30:00", "1999-12-31"]
    assert list(first.cells.values()) == told
    assert "B3: holds a formula whose result is not stored" in str(formula)
    assert padded.cells["c0"] == "00950"


@pytest.mark.parametrize(
    ("stored", "code", "text"),
    [
        ("7", "General", "7"),
        ("7.0", "General", "7"),
        ("0.30000000000000004", "General", "0.3"),
        ("123456789012345678", "General", "1.23456789012346e+17"),
        ("-5", "00000", "-5"),
        ("42", "00000", "00042"),
        ("1234567", "00000", "1234567"),
        ("950", '00"-"000', "00-950"),
        ("950", "00\\-000", "00-950"),
        ("0.5", "0.00", "0.5"),
        ("45413", "yyyy-mm-dd", "2024-05-01"),
        ("45413.520833333336", "d/m/yy h:mm", "2024-05-01 12:30:00"),
        ("0.25", "hh:mm", "06:00:00"),
        ("1", "d.m.yyyy", "1900-01-01"),
        ("59", "d.m.yyyy", "1900-02-28"),
        ("61", "d.m.yyyy", "1900-03-01"),
        ("1.5", "[h]:mm", "1.5"),
        ("5", '0 "days"', "5"),
        ("5", "[Red]0", "5"),
        ("-1", "yyyy-mm-dd", "-1"),
    ],
)
def test_numbers_read_as_the_sheet_shows_them(stored: str, code: str, text: str) -> None:
    assert number_text(stored, NumberFormat(code), is_1904=False) == text


def test_days_can_be_counted_from_1904() -> None:
    assert number_text("1", NumberFormat("yyyy-mm-dd"), is_1904=True) == "1904-01-02"


def test_escapes_hints_and_styles_of_the_workbook_are_followed(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2" t="s"><v>2</v></c></row>'
        '<row r="3"><c r="A3" s="1"><v>950</v></c><c r="B3" s="2"><v>45413</v></c></row>'
        '<row r="4"><c r="A4" s="3"><v>42</v></c><c r="B4" s="4"><v>0.5</v></c></row>'
    )
    items = _items(written(tmp_path, "a.xlsx", workbook(HEADER + rows)))
    assert [list(item.cells.values()) for item in items if isinstance(item, Record)] == [
        ["rich text", "a! _x0000_"],
        ["00-950", "2024-05-01"],
        ["00042", "12:00:00"],
    ]


def test_a_sheet_is_chosen_and_the_others_are_told(tmp_path: Path) -> None:
    content = workbook(HEADER + row(2, "a", "b"), HEADER + row(2, "c", "d"), names=("First &amp; last", "Zwei"))
    path = written(tmp_path, "a.xlsx", content)
    assert sheet_names(path) == ["First & last", "Zwei"]
    assert _items(path, sheet="zwei") == [
        Note("“a.xlsx” has 2 sheets; only “Zwei” is read."),
        Record(2, {"question": "c", "answer": "d"}),
    ]


def test_an_empty_first_sheet_names_those_that_there_are_besides(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Our questions and answers"])
    book.create_sheet("Data").append(["question", "answer"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(DataError, match=r"“Sheet” of “a\.xlsx” holds no rows.*data\.sheet\): “Data”"):
        _items(tmp_path / "a.xlsx")


def test_a_hidden_sheet_is_not_the_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Lists", 0).sheet_state = "hidden"
    book["Sheet"].append(["text"])
    book["Sheet"].append(["a"])
    book.save(tmp_path / "a.xlsx")
    assert sheet_names(tmp_path / "a.xlsx") == ["Lists", "Sheet"]
    assert Record(2, {"text": "a"}) in _items(tmp_path / "a.xlsx")


def test_merged_cells_are_told(tmp_path: Path) -> None:
    data = f'<sheetData>{HEADER}{row(2, "a", "b")}</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    *_, note = _items(written(tmp_path, "a.xlsx", workbook(data)))
    assert isinstance(note, Note) and "1 group of merged cells (A2:A3)" in note.sentence


def test_without_a_header_the_first_row_is_an_example(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xlsx", workbook(row(1, "a", "b") + row(3, "c", "d")))
    assert _items(path, header=False) == [
        Record(1, {"column 1": "a", "column 2": "b"}),
        Record(3, {"column 1": "c", "column 2": "d"}),
    ]
