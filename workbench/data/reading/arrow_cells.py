"""Arrow columns as JSON would have them: text, numbers, true and false, lists, objects, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from workbench.data.reading.records import Unfit

_MAX_DEPTH = 50

_KEPT = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_null)
_TEXT = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_decimal,
    pa.types.is_date,
    pa.types.is_time,
    pa.types.is_timestamp,
)
_LISTS = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)


def plain_type(kind: pa.DataType, depth: int = 0) -> pa.DataType:
    """The type under which a column is read. Raises Unfit, in the words “it holds …”, for what is no JSON."""
    if depth > _MAX_DEPTH:
        raise Unfit(f"lists nested deeper than {_MAX_DEPTH} levels")
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type, depth)
    if any(is_kind(kind) for is_kind in _KEPT):
        return kind
    if any(is_kind(kind) for is_kind in _TEXT):
        return pa.large_string()
    if any(is_kind(kind) for is_kind in _LISTS):
        return pa.large_list(plain_type(kind.value_type, depth + 1))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, plain_type(field.type, depth + 1)) for field in kind])
    raise Unfit("bytes, not text" if "binary" in str(kind) else f"{kind}, which is neither text nor a list of texts")


def plain_rows(batch: pa.RecordBatch, kinds: list[pa.DataType]) -> list[dict[str, Any]]:
    """The rows of a batch as objects; a number that is none (NaN) is null, as it is in a table with gaps."""
    columns = [_plain(column, kind) for column, kind in zip(batch.columns, kinds, strict=True)]
    return list(pa.RecordBatch.from_arrays(columns, batch.schema.names).to_pylist())


def unpacked_bytes(batch: pa.RecordBatch) -> int:
    """How large a batch is when each cell is written out; stored once, a long text can stand in a million rows."""
    return sum(_leaf_bytes(leaf) for column in batch.columns for leaf in _leaves(column))


def holds_nul(batch: pa.RecordBatch) -> bool:
    """Whether some text of the batch, or of those that its rows choose from, holds a NUL character."""
    return any(_holds_nul(leaf) for column in batch.columns for leaf in _leaves(column))


def _plain(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_floating(kind):
        return pc.if_else(pc.is_finite(column), column, None)
    return column.cast(kind)


def _leaves(array: pa.Array) -> Iterator[pa.Array]:
    if not pa.types.is_nested(array.type):
        yield array
    elif pa.types.is_struct(array.type):
        for child in array.flatten():
            yield from _leaves(child)
    else:
        yield from _leaves(array.flatten())


def _leaf_bytes(leaf: pa.Array) -> int:
    if not pa.types.is_dictionary(leaf.type):
        return int(leaf.nbytes)
    lengths = pc.binary_length(leaf.dictionary)
    return int(pc.sum(pc.take(lengths, leaf.indices)).as_py() or 0) + int(leaf.indices.nbytes)


def _holds_nul(leaf: pa.Array) -> bool:
    texts = leaf.dictionary if pa.types.is_dictionary(leaf.type) else leaf
    if not (pa.types.is_string(texts.type) or pa.types.is_large_string(texts.type)):
        return False
    return bool(pc.any(pc.match_substring(texts, "\0")).as_py())
