"""The slow way for the few rows that need it: a column is mended only where a cheap test says so."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl


def mend(column: pl.Series, odd: pl.Series, change: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """`column` with `change` applied where `odd` (Boolean, null is false) is true; the type stays."""
    at = odd.arg_true()
    if not at.len():
        return column
    name, dtype = column.name, column.dtype
    mended = column.gather(at).to_frame().select(change(pl.col(name)).cast(dtype)).to_series()
    # `scatter` writes into its own series.
    return column.clone().scatter(at, mended) if at.len() < column.len() else mended
