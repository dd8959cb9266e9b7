"""Parquet: cells as JSON would have them, and limits on what a small file unpacks to."""

import datetime
import decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.data.files import written
from tests.data.packed import parquet, repeated
from workbench.data.reading import parquet_bombs
from workbench.data.reading.read import read_items
from workbench.data.reading.records import Item, ReadingOptions, Record, Rejected


def _items(folder: Path, columns: dict[str, Any], **options: Any) -> list[Item]:
    return list(read_items(written(folder, "a.parquet", parquet(columns, **options)), ReadingOptions()))


def test_cells_have_the_types_of_json(tmp_path: Path) -> None:
    cells = {
        "text": "é",
        "none": None,
        "whole": 7,
        "broken": 0.5,
        "gap": float("nan"),
        "yes": True,
        "turns": [{"role": "user", "content": "a"}, None],
        "day": datetime.date(2024, 5, 1),
        "price": decimal.Decimal("1.50"),
    }
    plain = cells | {"gap": None, "day": "2024-05-01", "price": "1.50"}
    assert _items(tmp_path, {name: [cell] for name, cell in cells.items()}) == [Record(1, plain)]


def test_rows_are_numbered_through_all_groups_and_batches(tmp_path: Path) -> None:
    items = _items(tmp_path, {"text": [str(number) for number in range(1, 5001)]}, row_group_size=2300)
    assert items == [Record(number, {"text": str(number)}) for number in range(1, 5001)]


def test_a_row_that_is_too_long_spoils_only_itself(tmp_path: Path) -> None:
    long = "a" * (17 * 1024**2)
    _, rejected, last = _items(tmp_path, {"text": ["a", long, "b"]}, compression="zstd")
    assert isinstance(rejected, Rejected) and (rejected.line, rejected.reason) == (2, "longer than 16 MB")
    assert last == Record(3, {"text": "b"})


@pytest.mark.parametrize("is_nested", [False, True])
def test_a_text_that_stands_in_many_rows_is_read_without_multiplying_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_nested: bool
) -> None:
    monkeypatch.setattr(parquet_bombs, "_HARMLESS_BYTES", 1000)
    column: pa.Array = repeated("text " * 20, 3000)
    if is_nested:
        column = pa.ListArray.from_arrays(pa.array(range(3001), pa.int32()), column)
    items = _items(tmp_path, {"text": column})
    cell: object = ["text " * 20] if is_nested else "text " * 20
    assert items == [Record(number, {"text": cell}) for number in range(1, 3001)]
