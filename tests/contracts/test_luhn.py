"""The check digit of tax numbers, of one number and of a column, as python-stdnum judges it."""

from __future__ import annotations

import numpy as np
import polars as pl
from stdnum import luhn as published

from jendela.contracts.luhn import luhn
from jendela.model.identifiers import Npwp


def test_of_any_nine_digits_it_is_the_published_one():
    """Five thousand, a tenth of them valid."""
    drawn = [f"{number:09d}" for number in np.random.default_rng(7).integers(0, 10**9, 5000)]
    expected = [published.is_valid(digits) for digits in drawn]
    assert pl.DataFrame({"x": drawn}).select(luhn(pl.col("x"), 9))["x"].to_list() == expected
    assert [Npwp.malformed(f"{digits}091000") is None for digits in drawn] == expected


def test_of_another_length_too_and_of_no_digits_nothing():
    cards = [f"{number:08d}" for number in np.random.default_rng(8).integers(0, 10**8, 1000)]
    told = pl.DataFrame({"x": cards}).select(luhn(pl.col("x"), 8))["x"].to_list()
    assert told == [published.is_valid(digits) for digits in cards]
    odd = pl.DataFrame({"x": ["12345678", "12345678X", None]}, {"x": pl.String})
    assert odd.select(luhn(pl.col("x"), 9))["x"].to_list() == [None, None, None]
