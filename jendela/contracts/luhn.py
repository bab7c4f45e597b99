"""The check digit of Luhn over a column; of one number `jendela.model.identifiers` has it."""

from __future__ import annotations

from functools import reduce
from operator import add

import polars as pl


def luhn(digits: pl.Expr, length: int) -> pl.Expr:
    """True where the last of `length` digits is the check digit over those before; null: no digits."""
    terms = []
    for place in range(length):
        digit = digits.str.slice(place, 1).cast(pl.Int32, strict=False)
        doubled = digit * 2
        # Every second one from the right, and the last is not doubled.
        once = (length - place) % 2
        terms.append(digit if once else doubled - pl.when(doubled > 9).then(9).otherwise(0))
    return reduce(add, terms) % 10 == 0
