"""Canonical values in a recipient's own columns, code values, and date and money formats.

The only place where a value leaves canonical form on its way out; it passes `entitled` first.
"""

from __future__ import annotations

import polars as pl

from jendela.contracts.delivery import DeliveredField, DeliverySpec
from jendela.contracts.months import MONTHS_ID
from jendela.privacy.entitlement import entitled


def canonical_text(frame: pl.DataFrame) -> pl.DataFrame:
    """Every canonical column as text: dates ISO, money with two decimals, the rest trimmed; empty is null.

    Columns that begin with `_` stay as they are.
    """
    return frame.with_columns(
        _as_text(name, dtype).replace("", None).alias(name)
        for name, dtype in frame.schema.items()
        if not name.startswith("_")
    )


def render(frame: pl.DataFrame, spec: DeliverySpec) -> pl.DataFrame:
    """The recipient's own columns, as text, of canonical text values; a field that is not there is empty.

    `_copied` says which letters are copied to the recipient.
    """
    seen = entitled(frame, spec.entitlement)
    return seen.select(
        _written(field).alias(field.column)
        if field.source in seen.columns
        else pl.lit(None, dtype=pl.String).alias(field.column)
        for field in spec.fields
    )


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype == pl.Date:
        return column.dt.strftime("%Y-%m-%d")
    if dtype == pl.Decimal:
        return column.cast(pl.Decimal(18, 2)).cast(pl.String)
    return column.cast(pl.String).str.strip_chars()


def _written(field: DeliveredField) -> pl.Expr:
    value = pl.col(field.source)
    if field.codes is not None:
        own = list(field.codes.values())
        return value.replace_strict(list(field.codes), own, default=None, return_dtype=pl.String)
    written = _formatted(value, field.form)
    return written.str.slice(0, field.limit).str.strip_chars_end() if field.limit else written


def _formatted(value: pl.Expr, form: str) -> pl.Expr:
    year, month, day = value.str.slice(0, 4), value.str.slice(5, 2), value.str.slice(8, 2)
    match form:
        case "dd-mm-yyyy":
            return day + "-" + month + "-" + year
        case "dd/mm/yyyy":
            return day + "/" + month + "/" + year
        case "d/m/yyyy":
            return day.str.strip_chars_start("0") + "/" + month.str.strip_chars_start("0") + "/" + year
        case "yyyymmdd":
            return year + month + day
        case "tanggal":
            name = month.replace_strict([f"{number:02}" for number in range(1, 13)], MONTHS_ID, default=None)
            return day.str.strip_chars_start("0") + " " + name + " " + year
        case "mm-yyyy":
            return month + "-" + year
        case "yyyymm":
            return year + month
        case "rupiah":
            return "Rp " + _thousands(value) + "," + _amount(value).str.tail(2)
        case "ribuan":
            return _thousands(value)
        case "plain":
            return _amount(value)
        case "upper":
            return value.str.to_uppercase()
        case "dotted":
            return value.str.replace(r"^(\d\d)(\d\d)(\d\d)?$", "$1.$2.$3").str.strip_chars_end(".")
    return value


def _amount(value: pl.Expr) -> pl.Expr:
    return value.cast(pl.Decimal(18, 2), strict=False).cast(pl.String)


def _thousands(value: pl.Expr) -> pl.Expr:
    whole = _amount(value).str.head(-3)
    return whole.str.reverse().str.replace_all(r"(\d{3})", "$1.").str.strip_chars_end(".").str.reverse()
