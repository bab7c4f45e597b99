"""The digits of a NIK judged by table: one look-up each for its date and its region.

`PPRRSS DDMMYY NNNN`: province, regency and district of first registration, birth date with 40 added to a
woman's day, serial from 0001; no check digit. Source: DOMAIN 2.1.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import polars as pl

from jendela.identity.standard.calendar import epoch_days
from jendela.identity.standard.lists import word_list

YOUNGEST, OLDEST = 14, 100
WOMAN = 40


@lru_cache(maxsize=8)
def dates(as_of: date) -> pl.DataFrame:
    """What each six digits DDMMYY mean on `as_of`, by row number (1,000,000 rows).

    Columns: `birth` Int32 days since 1970-01-01, in the century that makes an age from 14 to under 100,
    else null; `real` Boolean, a calendar date of either century; `issued` Boolean, a date without a woman's
    40 of somebody too young or too old to work: the day a family card was issued.
    """
    rows = pl.int_range(0, 1_000_000, eager=True).alias("ddmmyy").to_frame()
    digits = pl.col("ddmmyy")
    day = digits // 10_000
    rows = rows.with_columns(
        (day - WOMAN * (day > WOMAN).cast(pl.Int64)).alias("day"),
        (digits // 100 % 100).alias("month"),
        (digits % 100).alias("year"),
    )
    young = epoch_days(pl.lit(as_of.year - YOUNGEST), pl.lit(as_of.month), pl.lit(min(as_of.day, 28)))
    old = epoch_days(pl.lit(as_of.year - OLDEST), pl.lit(as_of.month), pl.lit(min(as_of.day, 28)))
    rows = rows.with_columns(
        [
            epoch_days(century + pl.col("year"), pl.col("month"), pl.col("day")).alias(name)
            for name, century in (("this", pl.lit(2000)), ("last", pl.lit(1900)))
        ]
    )
    working = [
        pl.when((pl.col(name) <= young) & (pl.col(name) > old)).then(name) for name in ("this", "last")
    ]
    real = pl.col("this").is_not_null() | pl.col("last").is_not_null()
    birth = pl.coalesce(working)
    return rows.select(
        birth.alias("birth"),
        real.alias("real"),
        (real & birth.is_null() & (digits < WOMAN * 10_000)).alias("issued"),
    )


@lru_cache(maxsize=1)
def provinces() -> pl.Series:
    """True at each two-digit code that was a province in any vintage (100 rows)."""
    return _marked(2, 100)


@lru_cache(maxsize=1)
def regencies() -> pl.Series:
    """True at each four-digit code that was a regency or city in any known vintage (10,000 rows)."""
    return _marked(4, 10_000)


def _marked(length: int, size: int) -> pl.Series:
    columns = (
        ("region_province", "code"),
        ("region_regency", "code"),
        ("region_alias", "old_code"),
        ("region_retired", "code"),
    )
    codes = pl.concat([word_list("codes", name)[column].alias("code") for name, column in columns])
    known = codes.filter(codes.str.len_bytes() == length).cast(pl.Int64)
    return pl.int_range(0, size, eager=True).is_in(known.implode())
