"""Calendar dates as whole days since 1970-01-01, from day, month and year that may be nonsense."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ERA_DAYS = 146_097  # of 400 years
_EPOCH = 719_468  # days from 1 March of the year 0 to 1 January 1970


def epoch_days(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Days since 1970-01-01 as Int32 (Gregorian), null where the three are no date; years from 1 to 9999."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = month.replace_strict(list(range(1, 13)), list(MONTH_DAYS), default=None, return_dtype=pl.Int64)
    real = year.is_between(1, 9999) & day.is_between(1, longest) & ~((month == 2) & (day == 29) & ~leap)
    # Years are counted from March, so that the leap day is the last of its year.
    shifted = year - (month <= 2).cast(pl.Int64)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = shifted % 400 * 365 + shifted % 400 // 4 - shifted % 400 // 100 + day_of_year
    days = shifted // 400 * _ERA_DAYS + day_of_era - _EPOCH
    return pl.when(real).then(days).cast(pl.Int32)


@lru_cache(maxsize=4)
def dates(first: int, last: int) -> pl.DataFrame:
    """`year`, `month`, `day` of each day from `first` to `last`, as days since 1970-01-01; and `ordered`, the
    date as one number, the same for a day and month that may have changed places.
    """
    rows = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True).alias("days").to_frame()
    date = pl.col("days").cast(pl.Date).dt
    day, month = date.day().cast(pl.Int32), date.month().cast(pl.Int32)
    # A day above 12 cannot have changed places with the month.
    low = pl.when(day <= 12).then(pl.min_horizontal(day, month)).otherwise(month)
    high = pl.when(day <= 12).then(pl.max_horizontal(day, month)).otherwise(day)
    return rows.select(
        date.year().alias("year"),
        date.month().alias("month"),
        date.day().alias("day"),
        (date.year() * 512 + low * 32 + high).alias("ordered"),
    )
