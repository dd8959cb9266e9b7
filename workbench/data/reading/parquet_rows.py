"""Parquet files, a batch of rows at a time, so that a small file that unpacks to a huge one is noticed in time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from workbench.data.reading.arrow_cells import holds_nul, plain_rows, plain_type, unpacked_bytes
from workbench.data.reading.columns import check_names
from workbench.data.reading.parquet_bombs import find_caution
from workbench.data.reading.records import (
    EXCERPT_CHARACTERS,
    MAX_ROW_CHARACTERS,
    MAX_UNPACKED_BYTES,
    TOO_LONG,
    Cells,
    Item,
    ReadingOptions,
    Record,
    Rejected,
    Unfit,
    check_text,
    excerpt,
    texts,
)
from workbench.errors import DataError

_LARGE_BATCH_BYTES = 4 * MAX_ROW_CHARACTERS
_BUFFER_BYTES = 1024**2
_MAX_FIELDS = 1000
_KEEP = "Keep the columns that matter."


class ParquetRows:
    """Parquet; a row is told by its number."""

    suffixes = (".parquet",)
    magic = b"PAR1"

    def rows(self, path: Path, options: ReadingOptions) -> Iterator[Item]:
        with _refused_if_damaged(path.name), pa.OSFile(str(path)) as stream:
            whole = pq.ParquetFile(stream)
            _check_size(whole, path.name)
            kinds = _column_types(whole.schema_arrow, path.name)
            start, unpacked = 1, 0
            for batch in _batches(stream, whole):
                batch.validate(full=True)
                size = unpacked_bytes(batch)
                unpacked += size
                if unpacked > MAX_UNPACKED_BYTES:
                    raise _too_large(path.name)
                rows = _long_rows if size > _LARGE_BATCH_BYTES else _rows
                yield from rows(batch, kinds, start)
                start += batch.num_rows


def _check_size(file: pq.ParquetFile, name: str) -> None:
    if len(file.schema) > _MAX_FIELDS:
        raise DataError(f"“{name}” has {len(file.schema):,} fields; the limit is {_MAX_FIELDS:,}.", _KEEP)
    groups = [file.metadata.row_group(number).total_byte_size for number in range(file.metadata.num_row_groups)]
    if sum(groups) > MAX_UNPACKED_BYTES:
        raise _too_large(name)


def _batches(stream: pa.NativeFile, whole: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    caution = find_caution(stream, whole)
    file = pq.ParquetFile(stream, metadata=whole.metadata, read_dictionary=caution.repeated, buffer_size=_BUFFER_BYTES)
    yield from file.iter_batches(batch_size=caution.rows_in_batch, use_threads=False)


def _column_types(schema: pa.Schema, name: str) -> list[pa.DataType]:
    if not schema.names:
        raise DataError(f"“{name}” has no columns.", "Put at least one example into it.")
    check_names(schema.names, name)
    kinds = []
    for field in schema:
        try:
            kinds.append(plain_type(field.type))
        except Unfit as error:
            what = f"The column “{excerpt(field.name)}” of “{name}” holds {error}."
            raise DataError(what, "Save the file without this column.") from None
    return kinds


def _rows(batch: pa.RecordBatch, kinds: list[pa.DataType], start: int) -> Iterator[Record | Rejected]:
    cells = plain_rows(batch, kinds)
    if holds_nul(batch) or unpacked_bytes(batch) > MAX_ROW_CHARACTERS:
        yield from (_checked(line, row) for line, row in enumerate(cells, start))
    else:
        yield from (Record(line, row) for line, row in enumerate(cells, start))


def _long_rows(batch: pa.RecordBatch, kinds: list[pa.DataType], start: int) -> Iterator[Record | Rejected]:
    """The rows one by one, so that no more than one of them is ever written out."""
    for place in range(batch.num_rows):
        row = batch.slice(place, 1)
        if unpacked_bytes(row) > _LARGE_BATCH_BYTES:
            yield Rejected(start + place, TOO_LONG, "")
        else:
            yield from _rows(row, kinds, start + place)


def _checked(line: int, cells: Cells) -> Record | Rejected:
    try:
        if sum(map(len, texts(cells))) > MAX_ROW_CHARACTERS:
            raise Unfit(TOO_LONG)
        for text in texts(cells):
            check_text(text)
    except Unfit as error:
        return Rejected(line, str(error), excerpt(_shown(cells)))
    return Record(line, cells)


def _shown(cells: Cells) -> str:
    return ", ".join(f"{name}: {str(cell)[:EXCERPT_CHARACTERS]}" for name, cell in cells.items())


def _too_large(name: str) -> DataError:
    return DataError(f"“{name}” unpacks to more than {MAX_UNPACKED_BYTES // 1024**3} GB.", "Split it into parts.")


@contextmanager
def _refused_if_damaged(name: str) -> Iterator[None]:
    try:
        yield
    # What pyarrow raises for bytes that are no Parquet, besides its own errors.
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError) as error:
        reason = excerpt(str(error))
        raise DataError(f"“{name}” is damaged: {reason}.", "Copy or save it again from where it came.") from None
