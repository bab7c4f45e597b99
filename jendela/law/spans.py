"""Time between two local dates, as the law counts it: completed months, completed years."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

DAY = timedelta(days=1)


def completed_months(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whole months from `start` to `end` (Int32, negative where `end` is earlier); null for no date.

    From 15 January to 14 February none, to 15 February one; from the 31st a month is complete on the 1st.
    """
    months = (end.dt.year() - start.dt.year()) * 12 + (end.dt.month() - start.dt.month()).cast(pl.Int32)
    return months - (end.dt.day() < start.dt.day()).cast(pl.Int32)


def completed_years(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Whole years from `start` to `end`: the age on `end` of somebody born on `start`."""
    return completed_months(start, end).floordiv(12)


def months_worked(start: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Whole months from `start` with `last` itself counted: 1 January to 31 December are twelve."""
    return completed_months(start, last + pl.lit(DAY))
