"""Each different value once: what NumPy gives, by a quicker sort."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from jendela.identity.standard.distinct import different
from jendela.identity.standard.hashing import hashed, hashed_once


@given(st.lists(st.integers(0, 9)))
def test_different_numbers(numbers: list[int]) -> None:
    """The numbers, the first row of each, and the place of each row."""
    values = np.array(numbers, dtype=np.uint64)
    wanted = np.unique(values, return_index=True, return_inverse=True)
    assert [part.tolist() for part in different(values)] == [part.tolist() for part in wanted]


@given(st.lists(st.none() | st.text(max_size=12)))
def test_a_hash_is_the_same_alone_and_among_equals(texts: list[str | None]) -> None:
    """Looked up among the different ones or not; null has none."""
    column = pl.Series(texts, dtype=pl.String)
    assert hashed_once(column).equals(hashed(column), check_dtypes=True, null_equal=True)
    assert hashed(column).is_null().equals(column.is_null())
