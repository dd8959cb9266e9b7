"""Parquet columns that may be far larger than their file, because a text stored once can stand in a million rows."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_ROWS_IN_BATCH = 2000
_FEW_ROWS_IN_BATCH = 16
_HARMLESS_BYTES = 1024**3
_HARMLESS_RATIO = 20


@dataclass(frozen=True)
class Caution:
    """How a file is read so that no batch of it is huge.

    The columns in `repeated` are read as dictionaries: that takes longer, but multiplies no text before it is counted.
    """

    repeated: list[str]
    rows_in_batch: int


def find_caution(stream: pa.NativeFile, file: pq.ParquetFile) -> Caution:
    """How much caution the texts of a file call for."""
    fields = [file.schema.column(number) for number in range(len(file.schema))]
    texts = {field.path: number for number, field in enumerate(fields) if field.physical_type == "BYTE_ARRAY"}
    repeated: list[str] = []
    rows_in_batch = _ROWS_IN_BATCH
    for path, number in texts.items():
        probe = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=[path])
        try:
            if _may_be_huge(probe, path, number):
                repeated.append(path)
        except OSError:
            # Texts that are stored as differences from the one before, which can be counted only once they are
            # written out. What is damaged raises the same here, and again when it is read.
            rows_in_batch = _FEW_ROWS_IN_BATCH
    return Caution(repeated, rows_in_batch)


def _may_be_huge(probe: pq.ParquetFile, path: str, number: int) -> bool:
    for group in range(probe.metadata.num_row_groups):
        # Read before the numbers are asked for: where these are damaged, asking for them ends the process.
        longest = _longest_in_dictionary(probe, path, group)
        chunk = probe.metadata.row_group(group).column(number)
        if chunk.num_values * longest > max(_HARMLESS_BYTES, _HARMLESS_RATIO * chunk.total_uncompressed_size):
            return True
    return False


def _longest_in_dictionary(probe: pq.ParquetFile, path: str, group: int) -> int:
    """The bytes of the longest text in a dictionary, which comes whole with the first row that is read."""
    first = next(probe.iter_batches(batch_size=1, row_groups=[group], columns=[path], use_threads=False), None)
    if first is None:
        return 0
    first.validate(full=True)
    leaf = first.column(0)
    while pa.types.is_nested(leaf.type):
        flat = leaf.flatten()
        leaf = flat[0] if isinstance(flat, list) else flat
    return int(pc.max(pc.binary_length(leaf.dictionary)).as_py() or 0)
