"""Columns that repeat themselves: their different values, and which of these each row has.

Codes, dates, places, names of firms: a few thousand values stand for a hundred thousand rows. In a file such
a column is an Arrow dictionary, in a frame a `pl.Enum`; what is asked of every value is then asked once.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from polars import selectors as cs

DIGEST = pa.binary(32)  # a keyed hash: bytes in a file, hexadecimal in a frame that is read from it
HASHES = ("_record_id", "_row_hash")  # where a step's rows have one
KIND = pa.dictionary(pa.int32(), pa.large_string())
WORTH = 2  # rows for each different value from which on a column is coded


def of_places(texts: pl.Series, places: pl.Series) -> pl.Series:
    """A coded column: row by row the text at that place in `texts` (repeated ones and nulls too)."""
    values = texts.drop_nulls().unique(maintain_order=True)
    return texts.cast(pl.Enum(values)).gather(places)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with text in place of coded columns."""
    return frame.with_columns(
        kind.categories.gather(frame[name].to_physical()).alias(name)  # a cast takes six times as long
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.Enum)
    )


def repeating(table: pa.Table) -> pa.Schema:
    """The schema of the table with those text columns coded whose values repeat themselves enough."""
    fields = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        own = table.schema.field(name)
        text = pa.types.is_string(own.type) or pa.types.is_large_string(own.type)
        worth = text and 0 < WORTH * _different(column) <= len(column)
        fields.append(own.with_type(KIND) if worth else own)
    return pa.schema(fields, table.schema.metadata)


def _different(column: pa.ChunkedArray) -> int:
    """How many values a column has. Arrow's own count takes ten times as long."""
    return len(pc.dictionary_encode(column.combine_chunks()).dictionary) if len(column) else 0


def kept(schema: pa.Schema) -> pa.Schema:
    """The schema of a step's own file: keyed hashes that come as bytes are all of one length."""
    return pa.schema(
        [field.with_type(DIGEST) if _is_hash(field) else field for field in schema],
        schema.metadata,
    )


def _is_hash(field: pa.Field) -> bool:
    return field.name in HASHES and pa.types.is_large_binary(field.type)


def fitting(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table in a schema that may have other columns coded; columns in the same order."""
    return pa.table([_fitting(*pair) for pair in zip(table.columns, schema, strict=True)], schema=schema)


def _fitting(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    if column.type == field.type:
        return column
    if pa.types.is_dictionary(field.type) and not pa.types.is_dictionary(column.type):
        return _encoded(column.combine_chunks(), field.type.value_type)
    return pc.cast(column, field.type)


def _encoded(column: pa.Array, kind: pa.DataType) -> pa.DictionaryArray:
    """The column as a dictionary of `kind`: cast are the different values, not every one."""
    found = pc.dictionary_encode(column)
    return pa.DictionaryArray.from_arrays(found.indices, pc.cast(found.dictionary, kind))


def to_arrow(frame: pl.DataFrame) -> pa.Table:
    """The frame as an Arrow table; a coded column becomes a dictionary."""
    texts = frame.select(~cs.enum()).to_arrow()
    columns = [
        _dictionary(frame[name], kind.categories) if isinstance(kind, pl.Enum) else texts[name]
        for name, kind in frame.schema.items()
    ]
    return pa.table(columns, names=frame.columns)


def _dictionary(values: pl.Series, texts: pl.Series) -> pa.DictionaryArray:
    places = values.to_physical().cast(pl.Int32).to_arrow()
    return pa.DictionaryArray.from_arrays(places, pc.cast(texts.to_arrow(), pa.large_string()))


def from_arrow(table: pa.Table) -> pl.DataFrame:
    """The table as a frame; a dictionary becomes a coded column, a keyed hash its text."""
    return _with_hashes(in_bytes(table), table.schema)


def texts(table: pa.Table) -> pl.DataFrame:
    """The same with text in place of coded columns: to make them first takes most of the time."""
    return _with_hashes(_framed(table, pl.Series.gather), table.schema)


def _with_hashes(frame: pl.DataFrame, schema: pa.Schema) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(field.name).bin.encode("hex") for field in schema if field.type == DIGEST
    )


def in_bytes(table: pa.Table) -> pl.DataFrame:
    """The same with keyed hashes as bytes."""
    return _framed(table, _enum)


def _framed(table: pa.Table, made: Callable[[pl.Series, pl.Series], pl.Series]) -> pl.DataFrame:
    """The frame of a table; a column of each dictionary is `made` of its values and their places."""
    dictionaries = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    frame = pl.from_arrow(table.drop_columns(dictionaries) if dictionaries else table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
    columns = [made(*_parts(table[name])).alias(name) for name in dictionaries]
    return frame.with_columns(columns).select(table.column_names) if columns else frame


def _parts(column: pa.ChunkedArray) -> tuple[pl.Series, pl.Series]:
    """The different values of a coded column, and the place of each row's among them."""
    if not column.num_chunks:  # to combine none imports pandas
        return pl.Series(dtype=pl.String), pl.Series(dtype=pl.UInt32)
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):  # of different dictionaries
        whole = pa.concat_arrays(column.unify_dictionaries().chunks)
    return pl.Series(whole.dictionary, dtype=pl.String), pl.Series(whole.indices).cast(pl.UInt32)


def _enum(values: pl.Series, places: pl.Series) -> pl.Series:
    return places.cat.to(pl.Enum(values))
