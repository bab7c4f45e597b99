"""The parts of a written date: which number is the day, the month, the year, and by what habit."""

from __future__ import annotations

import polars as pl

from jendela.identity.standard.lists import word_list
from jendela.identity.standard.odd import mend

FORMS = (
    "iso",  # 1990-05-17, with or without a time
    "day_first",  # 17-05-1990, 17/5/1990, 17.05.1990
    "month_first",  # 5/17/1990, and a day and month that only make a date when swapped
    "named_month",  # 17 Mei 1990, May 17, 1990
    "compact",  # 17051990, 19900517
    "two_digit_year",  # 17-05-90
    "serial",  # 33010: a spreadsheet's days since 30 December 1899
    "year_only",  # 1990, 00-00-1990
)
_TIME = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}.*| 00\.00.*|Z)$"
_BEFORE = r"^[A-Z .']+, *([0-9])"  # "Karawang, 17-05-1990", "Kamis, 17 Mei 1990"


def written_parts(texts: pl.Series) -> pl.DataFrame:
    """`year`, `month`, `day` (Int64; 0 or null where not told) and `form`, an index of `FORMS`, of each text.

    In the forms `two_digit_year` and `named_month` a year may have two digits. `serial` has the count of days
    in `day`. All are null where the text has not the shape of a date.
    """
    plain = texts.str.to_uppercase().str.strip_chars().str.strip_suffix(".0").alias("plain")
    worded = plain.str.contains("[A-Z,]| 00")
    plain = mend(plain, worded, _without_words)
    plain = mend(plain, plain.str.contains(":", literal=True), lambda it: it.str.replace(_TIME, ""))
    tokens = plain.str.replace_all(r"[^0-9A-Z]+", " ").str.strip_chars().str.split(" ").alias("tokens")
    rows = tokens.to_frame().select(
        *(pl.col("tokens").list.get(place, null_on_oob=True).alias(name) for place, name in enumerate("abc")),
        pl.col("tokens").list.len().alias("count"),
    )
    rows = rows.with_columns(
        *(_number(pl.col(name)).alias(f"{name}_number") for name in "abc"),
        *(pl.col(name).str.len_bytes().alias(f"{name}_length") for name in "abc"),
        *(_month(pl.col(name)).alias(f"{name}_month") for name in "ab"),
    )
    return rows.select(_parts().alias("parts")).unnest("parts")


def _without_words(plain: pl.Expr) -> pl.Expr:
    """The date alone, its month a word of its own."""
    plain = plain.str.replace(_BEFORE, "${1}").str.replace(_TIME, "")
    return plain.str.replace_all(r"([0-9])([A-Z])", "${1} ${2}").str.replace_all(
        r"([A-Z])([0-9])", "${1} ${2}"
    )


def _number(token: pl.Expr) -> pl.Expr:
    """A token of at most eight digits as a number."""
    return pl.when(token.str.len_bytes() <= 8).then(token).cast(pl.Int64, strict=False)


def _month(token: pl.Expr) -> pl.Expr:
    months = word_list("words", "months")
    numbers = months["month"].cast(pl.Int64)
    return token.replace_strict(months["name"], numbers, default=None, return_dtype=pl.Int64)


def _parts() -> pl.Expr:
    a, b, c, count = (pl.col(name) for name in ("a_number", "b_number", "c_number", "count"))
    named_a, named_b = pl.col("a_month"), pl.col("b_month")
    length, second_length, third_length = (pl.col(f"{name}_length") for name in "abc")
    first_long, third_long = length == 4, third_length == 4
    year_first = (length == 8) & (a // 10_000).is_between(1900, 2100) & (a // 100 % 100).is_between(1, 12)
    three, single = count == 3, (count == 1) & a.is_not_null()
    return (
        pl.when(three & a.is_not_null() & named_b.is_not_null() & c.is_not_null())
        .then(
            pl.when(first_long)
            .then(_date(a, named_b, c, "named_month"))
            .otherwise(_date(c, named_b, a, "named_month"))
        )
        .when(three & named_a.is_not_null() & b.is_not_null() & c.is_not_null())
        .then(_date(c, named_a, b, "named_month"))
        .when(three & (a.is_null() | b.is_null() | c.is_null()))
        .then(None)
        .when(three & first_long)
        .then(_date(a, b, c, "iso"))
        .when(three & third_long)
        .then(_date(c, b, a, "day_first"))
        .when(three & (a > 31))
        .then(_date(a, b, c, "two_digit_year"))
        .when(three & (third_length == 2))
        .then(_date(c, b, a, "two_digit_year"))
        .when(single & year_first)
        .then(_date(a // 10_000, a // 100 % 100, a % 100, "compact"))
        .when(single & length.is_between(7, 8))
        .then(_date(a % 10_000, a // 10_000 % 100, a // 1_000_000, "compact"))
        .when(single & (length == 6))
        .then(_date(a % 100, a // 100 % 100, a // 10_000, "two_digit_year"))
        .when(single & (length == 5))
        .then(_date(pl.lit(None), pl.lit(None), a, "serial"))
        .when(single & (length == 4))
        .then(_date(a, pl.lit(0), pl.lit(0), "year_only"))
        .when((count == 2) & first_long & a.is_not_null())
        .then(_date(a, pl.lit(0), pl.lit(0), "year_only"))
        .when((count == 2) & (second_length == 4) & b.is_not_null())
        .then(_date(b, pl.lit(0), pl.lit(0), "year_only"))
    )


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr, form: str) -> pl.Expr:
    return pl.struct(
        year.cast(pl.Int64).alias("year"),
        month.cast(pl.Int64).alias("month"),
        day.cast(pl.Int64).alias("day"),
        pl.lit(FORMS.index(form), dtype=pl.UInt8).alias("form"),
    )
