"""Canonical fields as the register keeps them: a JSON object per version, decoded by the contract's types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

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


def with_notes(facts: pl.Expr, noted: pl.Expr) -> pl.Expr:
    """The same JSON objects, which name at least one column, with what was `noted` of them."""
    return facts.str.head(-1) + pl.lit(f',"{NOTED}":"') + noted + pl.lit('"}')


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
