"""The rows of a Parquet file in canonical text, one row group after the other."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors import canonical
from connectors.found import Found
from connectors.reading import SLICE, Reading, agreed, unusable, wanted_of, whole
from jendela.model.ports import FeedSource


def read(source: FeedSource, file: Found) -> Reading:
    """The file's rows; memory is bounded by the file and one part of a row group.

    Raises:
        UnusableFeedError: it is no Parquet file, is cut or encrypted, or an agreed column is nested.
    """
    try:
        opened = pq.ParquetFile(pa.BufferReader(file.content))
    except (pa.ArrowInvalid, OSError):
        raise unusable(
            source,
            f"{file.name} is not a Parquet file, is cut, or is encrypted.",
            "Ask the agency to send it again; nothing of it was taken.",
        ) from None
    schema = opened.schema_arrow
    others = agreed(source, file.name, schema.names)
    names = wanted_of(source)
    for name in names:
        kind = _values(schema.field(name).type)
        if pa.types.is_nested(kind):
            raise unusable(
                source,
                f"{file.name}: the column {name} is nested ({kind}); an agreed column has one value a row.",
                "Ask the agency to export each of its parts as a column.",
            )
    kinds = {name: str(schema.field(name).type) for name in names}
    stated = {"dialect": {"format": "parquet", "rows": opened.metadata.num_rows, "types": kinds}}
    return Reading(_tables(source, file.name, opened, names), others, stated)


def _tables(source: FeedSource, name: str, opened: pq.ParquetFile, names: list[str]) -> Iterator[pa.Table]:
    number = 0
    try:
        for batch in opened.iter_batches(batch_size=SLICE, columns=names):
            columns = [_text(batch.column(batch.schema.get_field_index(column))) for column in names]
            numbers = pa.array(range(number + 1, number + 1 + batch.num_rows), pa.int64())
            number += batch.num_rows
            yield whole(pa.table(columns, names=names), numbers)
    except (pa.ArrowInvalid, OSError, UnicodeDecodeError):
        raise unusable(
            source,
            f"{name} is damaged: its rows after {number:,} cannot be read.",
            "Ask the agency to send it again; nothing of it was taken.",
        ) from None
    if not number:
        yield whole(canonical.empty(names), pa.array([], pa.int64()))


def _values(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    types = pa.types
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        text = column.cast(pa.string())
        text.validate(full=True)  # a writer may have put any bytes there
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    if types.is_boolean(kind):
        return column.cast(pa.int8()).cast(pa.string())
    if types.is_integer(kind) or types.is_date(kind):
        return column.cast(pa.date32()).cast(pa.string()) if types.is_date(kind) else column.cast(pa.string())
    if types.is_timestamp(kind):
        plain = column.cast(pa.timestamp(kind.unit, kind.tz and "UTC"))
        text = plain.cast(pa.timestamp(kind.unit)).cast(pa.string())
        text = pc.binary_join_element_wise(text, "Z", "") if kind.tz else text
        return _settled(text, canonical.TIMESTAMP)
    if types.is_decimal(kind):
        return _settled(column.cast(pa.string()), canonical.DECIMAL)
    return pa.array(map(canonical.text_of, column.to_pylist()), pa.string())


def _settled(text: pa.Array, kind: str) -> pa.Array:
    return canonical.settle(text, kind)
