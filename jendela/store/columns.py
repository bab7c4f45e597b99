"""The polars type of every column type of the hub, and each database's own form of it."""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    FromClause,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.types import NullType, TypeEngine

UTC_TIME = pl.Datetime("us", "UTC")

KINDS: tuple[tuple[type[TypeEngine[Any]], pl.DataType], ...] = (
    (Boolean, pl.Boolean()),
    (Integer, pl.Int64()),
    (Float, pl.Float64()),
    (DateTime, UTC_TIME),
    (Date, pl.Date()),
    (LargeBinary, pl.Binary()),
)


def dtype_of(kind: TypeEngine[Any]) -> pl.DataType:
    """The polars type of a column type, the same for both databases; text where nothing else is known."""
    if isinstance(kind, NullType):
        raise TypeError("This expression has no type: wrap it in sqlalchemy.type_coerce, or give `schema`.")
    return next((dtype for known, dtype in KINDS if isinstance(kind, known)), pl.String())


def schema(table: FromClause) -> dict[str, pl.DataType]:
    """The polars schema of a table of the hub, or of what was chosen of some."""
    return {str(column.key): dtype_of(column.type) for column in table.columns}


def temporary_table(name: str, frame: pl.DataFrame) -> Table:
    """A temporary table with the columns of a frame, gone at the end of the transaction at the latest."""
    columns: list[Column[Any]] = [Column(column, _kind_of(dtype)) for column, dtype in frame.schema.items()]
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def _kind_of(dtype: pl.DataType) -> TypeEngine[Any]:
    if dtype.is_integer():
        return BigInteger()
    if dtype == pl.String:
        return Text()
    if dtype == UTC_TIME:
        return DateTime(timezone=True)
    for known, ours in KINDS:
        if dtype == ours:
            return known()
    raise TypeError(f"The hub has no column type for {dtype}: cast it first.")


def to_sqlite(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame as SQLAlchemy keeps it in SQLite: dates and times as ISO text, truth as 0 and 1."""
    return frame.with_columns(
        pl.col(pl.Date).dt.to_string("%Y-%m-%d"),
        pl.col(UTC_TIME).dt.to_string("%Y-%m-%d %H:%M:%S%.6f"),
        pl.col(pl.Boolean).cast(pl.Int8),
    )


def widths(table: Table) -> dict[str, int]:
    """The bytes of every whole-number column of a table in PostgreSQL."""
    kinds = {column.name: column.type for column in table.columns if isinstance(column.type, Integer)}
    return {name: _width(kind) for name, kind in kinds.items()}


def _width(kind: TypeEngine[Any]) -> int:
    return 8 if isinstance(kind, BigInteger) else 2 if isinstance(kind, SmallInteger) else 4


def raw_sqlite(dtype: pl.DataType) -> pl.DataType:
    """The type in which SQLite gives a column of this polars type."""
    if dtype in (pl.Date, UTC_TIME):
        return pl.String()
    return pl.Int64() if dtype == pl.Boolean else dtype


def from_sqlite(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as SQLite gives it, in its polars type."""
    if dtype == pl.Date:
        return pl.col(name).str.to_date("%Y-%m-%d")
    if dtype == UTC_TIME:
        return pl.col(name).str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", time_zone="UTC")
    return pl.col(name).cast(dtype)
