"""Calendar dates as whole days since 1970-01-01, from day, month and year that may be nonsense."""

from __future__ import annotations

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
