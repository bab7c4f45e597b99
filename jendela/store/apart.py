"""A few rows of many, with texts of their own: else they would keep those of all the others in memory."""

from __future__ import annotations

import polars as pl


def apart(few: pl.DataFrame) -> pl.DataFrame:
    """The same frame, its texts copied. Polars' `shrink_to_fit` leaves those of a sorted frame alone."""
    copied = pl.from_arrow(few.to_arrow())
    assert isinstance(copied, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
    return copied
