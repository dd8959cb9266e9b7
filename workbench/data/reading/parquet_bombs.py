"""Parquet columns that may be far larger than their file, because a text stored once can stand in a million rows."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_HARMLESS_BYTES = 1024**3
_HARMLESS_RATIO = 20

# Each text is stored whole, at the latest in the dictionary of its column.
_WHOLE_TEXTS = {"PLAIN", "RLE", "BIT_PACKED", "RLE_DICTIONARY", "PLAIN_DICTIONARY", "DELTA_LENGTH_BYTE_ARRAY"}


def find_repeated(stream: pa.NativeFile, file: pq.ParquetFile) -> list[str]:
    """The columns to be read as dictionaries, which takes longer, but multiplies no text before it is counted."""
    fields = [file.schema.column(number) for number in range(len(file.schema))]
    texts = {field.path: number for number, field in enumerate(fields) if field.physical_type == "BYTE_ARRAY"}
    if not texts:
        return []
    probe = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=list(texts))
    return [path for path, number in texts.items() if _may_be_huge(probe, path, number)]


def _may_be_huge(probe: pq.ParquetFile, path: str, number: int) -> bool:
    for group in range(probe.metadata.num_row_groups):
        # Read before the numbers are asked for: where these are damaged, asking for them ends the process.
        longest = _longest_in_dictionary(probe, path, group)
        chunk = probe.metadata.row_group(group).column(number)
        harmless = max(_HARMLESS_BYTES, _HARMLESS_RATIO * chunk.total_uncompressed_size)
        if not _WHOLE_TEXTS.issuperset(chunk.encodings):
            longest = chunk.total_uncompressed_size
        if chunk.num_values * longest > harmless:
            return True
    return False


def _longest_in_dictionary(probe: pq.ParquetFile, path: str, group: int) -> int:
    """The bytes of the longest text in a dictionary, which comes whole with the first row that is read."""
    rows = probe.iter_batches(batch_size=1, row_groups=[group], columns=[path], use_threads=False)
    first = next(rows, None)
    if first is None:
        return 0
    first.validate(full=True)
    leaf = first.column(0)
    while pa.types.is_nested(leaf.type):
        flat = leaf.flatten()
        leaf = flat[0] if isinstance(flat, list) else flat
    return int(pc.max(pc.binary_length(leaf.dictionary)).as_py() or 0)
