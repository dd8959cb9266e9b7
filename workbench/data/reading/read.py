"""One file as rows of cells, whatever kind of file it is."""

from collections.abc import Iterator
from pathlib import Path

from workbench.data.reading.checks import check_kind, check_place, unreadable
from workbench.data.reading.json_rows import JsonRows
from workbench.data.reading.parquet_rows import ParquetRows
from workbench.data.reading.records import Item, ReadingOptions, RowReader
from workbench.data.reading.table_rows import TableRows
from workbench.data.reading.text_rows import TextRows
from workbench.data.reading.xlsx_rows import XlsxRows

READERS: tuple[RowReader, ...] = (JsonRows(), TableRows(), TextRows(), ParquetRows(), XlsxRows())
SUFFIXES = tuple(suffix for reader in READERS for suffix in reader.suffixes)


def read_items(path: Path, options: ReadingOptions) -> Iterator[Item]:
    """The rows of a file in their order. Raises DataError if the file as a whole cannot be read."""
    check_place(path)
    reader = _reader_of(path)
    check_kind(path, reader.magic)
    return reader.rows(path, options)


def _reader_of(path: Path) -> RowReader:
    suffix = path.suffix.lower()
    for reader in READERS:
        if suffix in reader.suffixes:
            return reader
    raise unreadable(path, SUFFIXES)
