"""Reading a column once per distinct text: a million birth dates are at most some ten thousand texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.compute as pc

Places = npt.NDArray[np.int64]


def coded(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The different texts, in the order in which they come, and the place among them of each row; null is not
    among them, and has no place.
    """
    found = pc.dictionary_encode(texts.cast(pl.String).rechunk().to_arrow())
    return pl.Series(texts.name, found.dictionary, pl.String), pl.Series(found.indices)


def by_distinct(raw: pl.Series, read: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """What `read` makes of each text of `raw`, in order; it is given the distinct ones, null among them."""
    distinct, places = coded(raw)
    if len(distinct) == len(raw):
        return read(distinct)
    nothing = pl.Series(raw.name, [None], pl.String)
    return read(pl.concat([distinct, nothing]))[places.fill_null(len(distinct))]


def different(values: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Places, Places]:
    """The different numbers in order, the first row of each, and the place among them of each row.

    `numpy.unique` gives the same, and sorts in a slower way when it is asked for the rows.
    """
    known, place = np.unique(values, return_inverse=True)
    row = np.empty(len(known), dtype=np.int64)
    # From behind: what is put down last stays.
    row[place[::-1]] = np.arange(len(place))[::-1]
    return known, row, place
