"""Reading a column once per distinct text: a million birth dates are at most some ten thousand texts."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

TEXT = "text"


def by_distinct(raw: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """What `read` makes of each text of `raw`, in order; it is given the distinct ones, null among them."""
    texts = raw.cast(pl.String).alias(TEXT)
    distinct = texts.unique(maintain_order=True)
    table = read(distinct)
    if table.height == texts.len():
        return table
    table = table.with_columns(distinct)
    found = texts.to_frame().join(table, on=TEXT, how="left", nulls_equal=True, maintain_order="left")
    return found.drop(TEXT)
