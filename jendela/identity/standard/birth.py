"""Birth dates in every habit of writing, as days since 1970; absent, filler and impossible dates are null.

Day before month, as Indonesians write; month before day only where nothing else makes a date. Which of the
two was meant is not decided here: comparison allows for a swap. Source: DOMAIN 3.4, for the days that clerks
put for people without a birth certificate; the month names are data in `schemas/words/months.csv`.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from jendela.identity.standard.calendar import epoch_days
from jendela.identity.standard.date_parts import FORMS, written_parts
from jendela.identity.standard.distinct import by_distinct

FORM = pl.Enum(FORMS)
OLDEST_DAY = -25_566  # 2 January 1900: what software writes for no date is 1 January, or before
LATEST_DAY = 47_481  # 31 December 2099, where no day of judgement is given
SERIAL_EPOCH = 25_569  # days from 30 December 1899 to 1 January 1970
YOUNGEST, OLDEST = 14, 80  # at work
CENTURY = 36_525  # days from a date of 1947 to 1999 to the same one a hundred years later
YEAR = 365.25
READ = {"birth": pl.Int32(), "birth_defaulted": pl.Int8(), "birth_form": FORM}
WEAK_DEFAULTS = ((7, 1), (8, 17), (12, 31))  # month and day


def birth_date(raw: pl.Series, as_of: date | None = None) -> pl.DataFrame:
    """One row per row of `raw`, in its order.

    Args:
        raw: dates as received, text.
        as_of: the day of judgement: later dates are null, and a two-digit year falls in the century that
            makes an age of at least 14. Without it two-digit years are null.

    Columns:
        birth: Int32, days since 1970-01-01; where only the year is told, its 1 January.
        birth_defaulted: Int8, 1 for 1 January (certainly or often a default), 2 for 1 July, 17 August and
            31 December (sometimes), else 0; null without `birth`.
        birth_form: Enum of `FORMS`, how it was written; null without `birth`.
    """
    if raw.null_count() == raw.len():  # as of agencies that do not tell first days of work
        return pl.DataFrame(schema=READ).clear(raw.len())
    return by_distinct(raw, lambda texts: _read(texts, as_of))


def _read(texts: pl.Series, as_of: date | None) -> pl.DataFrame:
    parts = written_parts(texts)
    written, month, day, form = (pl.col(name) for name in ("year", "month", "day", "form"))
    short = (written < 100) & form.is_in([FORMS.index("two_digit_year"), FORMS.index("named_month")])
    century = pl.lit(None, pl.Int64)
    if as_of is not None:
        pivot = as_of.year - YOUNGEST
        recent = pivot - pivot % 100 + written
        century = pl.when(recent <= pivot).then(recent).otherwise(recent - 100)
    parts = parts.with_columns(pl.when(short).then(century).otherwise(written).alias("year"))
    # A day or month of zero, or none at all.
    vague = (form == FORMS.index("year_only")) | (day == 0) | (month == 0)
    straight = epoch_days(written, month, day)
    crossed = pl.when(form != FORMS.index("named_month")).then(epoch_days(written, day, month))
    serial = pl.when(form == FORMS.index("serial")).then(day - SERIAL_EPOCH).cast(pl.Int32)
    newyear = pl.when(vague).then(epoch_days(written, pl.lit(1), pl.lit(1)))
    latest = LATEST_DAY if as_of is None else (as_of - date(1970, 1, 1)).days
    read = parts.select(
        pl.coalesce(straight, crossed, serial, newyear).alias("birth"),
        pl.when(vague)
        .then(FORMS.index("year_only"))
        .when(straight.is_null() & crossed.is_not_null())
        .then(FORMS.index("month_first"))
        .otherwise(form)
        .alias("form"),
    )
    birth = pl.col("birth")
    if as_of is not None:
        read = read.with_columns(_of_this_life(birth, latest).alias("birth"))
    real = birth.is_between(OLDEST_DAY, latest)
    read = read.select(pl.when(real).then(birth).alias("birth"), pl.when(real).then("form").alias("form"))
    forms = pl.Series(FORMS, dtype=FORM).gather(read["form"])
    return read.select("birth", _defaulted(birth).alias("birth_defaulted"), forms.alias("birth_form"))


def _of_this_life(birth: pl.Expr, latest: int) -> pl.Expr:
    """A day to come, of somebody at work, in the century before: software made 2068 of 68. What it writes for
    no date, the first or last day of a year, stays.
    """
    when, earlier = birth.cast(pl.Date).dt, birth - CENTURY
    filler = (when.month() == 1) & (when.day() == 1) | (when.month() == 12) & (when.day() == 31)
    working = (earlier > latest - OLDEST * YEAR) & (earlier <= latest - YOUNGEST * YEAR)
    return pl.when((birth > latest) & working & ~filler).then(earlier).otherwise(birth)


def _defaulted(birth: pl.Expr) -> pl.Expr:
    when = birth.cast(pl.Date).dt
    weak = pl.lit(False)
    for month, day in WEAK_DEFAULTS:
        weak |= (when.month() == month) & (when.day() == day)
    first = (when.month() == 1) & (when.day() == 1)
    level = pl.when(first).then(1).when(weak).then(2).otherwise(0)
    return pl.when(birth.is_not_null()).then(level).cast(pl.Int8)
