"""When two records are about one thing: the same employer, dates near to each other, the first of several."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def same_firm(left: str, right: str) -> pl.Expr:
    """True where two employers are one, or one of them is unknown: what is unknown contradicts nothing."""
    one, other = pl.col(left), pl.col(right)
    return (one == other) | one.is_null() | other.is_null()


def near(left: str, right: str, days: int) -> pl.Expr:
    """True where two dates are at most so many days apart; null where one is missing."""
    return (pl.col(left) - pl.col(right)).dt.total_days().abs() <= days


def first_of(frame: pl.DataFrame, by: str | Sequence[str], *, prefix: str = "") -> pl.DataFrame:
    """The record of each group that was known first; the smaller id of two that came together."""
    return frame.sort(f"{prefix}first_seq", f"{prefix}record_id").unique(
        by, keep="first", maintain_order=True
    )
