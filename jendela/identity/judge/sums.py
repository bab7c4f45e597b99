"""Weights by grade, and sums of them that are the same every time.

Floats do not associate: added in another order the last bit differs. Polars' horizontal sums divide their
columns among threads and add what is ready; two runs over the same input would not be equal byte for byte.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from functools import reduce

import polars as pl

# More than any grade.
UNSAID = 15


def in_order(terms: Iterable[pl.Expr]) -> pl.Expr:
    """The sum of `terms`, of which there is at least one, from the first to the last."""
    return reduce(operator.add, terms)


def row_totals(parts: pl.DataFrame) -> pl.Series:
    """The sum of each row of `parts`, from the first column to the last."""
    return parts.select(in_order(pl.col(name) for name in parts.columns).alias("total"))["total"]


def by_grade(grade: pl.Expr, weights: Mapping[int, float]) -> pl.Expr:
    """The weight of each grade; 0 where there is none."""
    table = pl.Series([weights.get(place, 0.0) for place in range(UNSAID + 1)], dtype=pl.Float64)
    return pl.lit(table).gather(grade.fill_null(UNSAID))
