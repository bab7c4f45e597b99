"""Canonical fields as the register keeps them: a JSON object per version, decoded by the contract's types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl
import pyarrow.compute as pc

MONEY = pl.Decimal(15, 2)
NOTED = "_noted"
"""Beside the fields of a contract: the rules that a row breaks and is not held for, parted by blanks."""


class TypedField(Protocol):
    """What is needed to know of a contract's field."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def identifying(self) -> bool: ...


class TypedContract(Protocol):
    """A contract: its fields in order."""

    @property
    def fields(self) -> Sequence[TypedField]: ...


def dtype_of(kind: str) -> pl.DataType:
    """The polars type of a field's type (text, month and code are text; money is decimal(15,2) rupiah)."""
    known: dict[str, pl.DataType] = {"date": pl.Date(), "money": MONEY, "int": pl.Int64()}
    return known.get(kind, pl.String())


def facts_schema(contract: TypedContract) -> dict[str, pl.DataType]:
    """The typed columns that the facts of a contract decode to: all fields but the identifying ones."""
    return {field.name: dtype_of(field.type) for field in contract.fields if not field.identifying}


def identifying_schema(contract: TypedContract) -> dict[str, pl.DataType]:
    """The typed columns of the sealed blob: the identifying fields."""
    return {field.name: dtype_of(field.type) for field in contract.fields if field.identifying}


def encode(schema: dict[str, pl.DataType], present: Sequence[str]) -> pl.Expr:
    """A JSON object of the `schema`'s columns that are `present`; dates and amounts as text, null as null."""
    columns = [
        pl.col(name) if dtype == pl.Int64 else pl.col(name).cast(dtype).cast(pl.String)
        for name, dtype in schema.items()
        if name in present
    ]
    return pl.struct(columns).struct.json_encode() if columns else pl.lit("{}")


def encode_rows(schema: dict[str, pl.DataType], rows: pl.DataFrame) -> pl.Series:
    """The same objects without nulls, row by row, of those columns of the `schema` that `rows` has.

    What repeats itself, as codes, dates and names of firms do, is written once for each different value.
    """
    present = [name for name in schema if name in rows.columns and rows[name].null_count() < rows.height]
    if not present:
        return pl.Series(["{}"], dtype=pl.String).new_from_index(0, rows.height)
    members = pl.DataFrame([_members(rows[name], schema[name]) for name in present])
    joined = pl.concat_str(members.columns, separator=",", ignore_nulls=True)
    return members.select(pl.format("{{{}}}", joined)).to_series()


def _members(column: pl.Series, dtype: pl.DataType) -> pl.Series:
    """`"name":value` of every row; null where it is null."""
    if isinstance(column.dtype, pl.Enum):
        return _member(column.dtype.categories.alias(column.name), dtype).gather(column.to_physical())
    if column.dtype != pl.String:  # text that repeats itself comes coded
        coded = pc.dictionary_encode(column.to_arrow())
        values = pl.Series(column.name, coded.dictionary)
        return _member(values, dtype).gather(pl.Series(coded.indices))
    members = _member(column, dtype)
    return members.to_frame().select(pl.when(column.is_not_null()).then(pl.first())).to_series()


def _member(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    alone = encode({values.name: dtype}, [values.name]).alias(values.name)
    return values.to_frame().select(alone.str.slice(1).str.head(-1)).to_series()


def with_notes(facts: pl.Expr, noted: pl.Expr) -> pl.Expr:
    """The same JSON objects with what was `noted` of them."""
    after = pl.when(facts == "{}").then(pl.lit("")).otherwise(pl.lit(","))
    return facts.str.head(-1) + after + pl.lit(f'"{NOTED}":"') + noted + pl.lit('"}')


def decode(frame: pl.DataFrame, column: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """The frame with the JSON `column` replaced by the typed columns of `schema`; a missing key is null."""
    raw = {name: dtype if dtype == pl.Int64 else pl.String() for name, dtype in schema.items()}
    opened = frame.select(pl.col(column).cast(pl.String).str.json_decode(pl.Struct(raw)).struct.unnest())
    typed = opened.select(
        pl.col(name).cast(dtype) if dtype == pl.Int64 else _typed(name, dtype)
        for name, dtype in schema.items()
    )
    return pl.concat([frame.drop(column), typed], how="horizontal")


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Date:
        return pl.col(name).str.to_date("%Y-%m-%d")
    return pl.col(name).cast(dtype)
