"""Tables: what the first row is for, and how cells are told apart."""

from pathlib import Path
from typing import Any

import pytest

from tests.data.files import written
from workbench.data.reading.read import read_items
from workbench.data.reading.records import Item, ReadingOptions, Record, Rejected
from workbench.errors import DataError


def _items(folder: Path, content: str, name: str = "a.csv", **options: Any) -> list[Item]:
    return list(read_items(written(folder, name, content), ReadingOptions(**options)))


def test_without_a_header_the_first_row_is_an_example(tmp_path: Path) -> None:
    assert _items(tmp_path, "Hello;Ahoy\nBye;Fair winds\n\nlonely\n", header=False) == [
        Record(1, {"column 1": "Hello", "column 2": "Ahoy"}),
        Record(2, {"column 1": "Bye", "column 2": "Fair winds"}),
        Rejected(4, "1 cell where the first row has 2 columns", "lonely"),
    ]


def test_without_a_header_equal_cells_are_no_columns_of_one_name(tmp_path: Path) -> None:
    assert _items(tmp_path, "a,a\n", header=False) == [Record(1, {"column 1": "a", "column 2": "a"})]
    with pytest.raises(DataError, match="two columns called “a”"):
        _items(tmp_path, "a,a\n")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_makes_even_rows(tmp_path: Path, separator: str) -> None:
    others = "".join({",", ";", "\t", "|"} - {separator})
    rows = f"question{separator}answer\na {others} b{separator}c\n" + f"d{separator}e {others}\n" * 5
    record = _items(tmp_path, rows)[0]
    assert record == Record(2, {"question": f"a {others} b", "answer": "c"})


def test_cells_stay_the_text_that_they_are(tmp_path: Path) -> None:
    rows = "a,b\n007,1e5\nNA,null\n  x ,TRUE\n=1+1,\n"
    cells = [list(item.cells.values()) for item in _items(tmp_path, rows) if isinstance(item, Record)]
    assert cells == [["007", "1e5"], ["NA", "null"], ["  x ", "TRUE"], ["=1+1", ""]]


def test_a_separator_that_the_file_names_is_believed(tmp_path: Path) -> None:
    assert _items(tmp_path, "sep=;\r\na;b,c,d\r\n1,2;3\r\n") == [Record(3, {"a": "1,2", "b,c,d": "3"})]


def test_a_row_that_begins_in_a_quoted_line_break_is_told_by_its_first_line(tmp_path: Path) -> None:
    items = _items(tmp_path, 'a,b\n"1\n2\n3",4\nshort\n"5\n6",7\n')
    assert [item.line for item in items if isinstance(item, Record | Rejected)] == [2, 5, 6]


def test_pieces_of_a_text_are_the_whole_text(tmp_path: Path) -> None:
    text = "".join(f"Paragraph {number}, " + "word " * number * 7 + "\n\n" for number in range(60))
    text = f"\n\n{text}{'very long line ' * 3000}\n\nThe end."
    records = [item for item in _items(tmp_path, text, "a.txt") if isinstance(item, Record)]
    assert "".join(record.cells["raw text"] for record in records) == text
    assert [record.cells["is last piece"] for record in records] == [False] * (len(records) - 1) + [True]
    lines = text.split("\n")
    for record in records[:5]:
        assert record.cells["raw text"].startswith(lines[record.line - 1])
        assert record.cells["raw text"].endswith("\n\n")


def test_json_under_the_name_of_a_text_is_told(tmp_path: Path) -> None:
    note, *_ = _items(tmp_path, '{"question": "a"}\n', "a.txt")
    assert "looks like JSON" in str(note)
