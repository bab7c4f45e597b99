"""Sums of floats in one order only, whoever adds them."""

from __future__ import annotations

import operator
from functools import reduce

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from jendela.identity.judge.sums import in_order, row_totals

FLOATS = st.floats(-1e6, 1e6)


@given(st.lists(FLOATS, min_size=1, max_size=24))
def test_a_sum_is_that_of_its_terms_one_after_the_other(terms: list[float]) -> None:
    """To the last bit, where (a + b) + c and a + (b + c) differ."""
    frame = pl.DataFrame({f"term{place}": [term] for place, term in enumerate(terms)})
    expected = reduce(operator.add, terms)
    assert row_totals(frame).item() == expected
    assert frame.select(in_order(pl.col(name) for name in frame.columns)).item() == expected
