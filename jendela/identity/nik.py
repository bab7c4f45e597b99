"""The structure of a NIK, read as evidence: region of first registration, birth date, sex, serial.

`PPRRSS DDMMYY NNNN`, 40 added to a woman's day, no check digit. A NIK is permanent: regions are those of any
vintage and the birth date may differ from the true one. Source: DOMAIN 2.1, rules N1 to N8.
"""

from __future__ import annotations

from datetime import date

import polars as pl

# Every province code ever official under the Ministry of Home Affairs.
PROVINCES = [
    str(code)
    for first, last in ((11, 19), (21, 21), (31, 36), (51, 54), (61, 65), (71, 76), (81, 82), (91, 97))
    for code in range(first, last + 1)
]
PLACEHOLDERS = [str(digit) * 16 for digit in range(10)] + ["1234567890123456", "0123456789012345"]
YOUNGEST, OLDEST = 14, 100


def digits(raw: pl.Expr) -> pl.Expr:
    """The 16 digits of a NIK as received, or null: cut short, or damaged by a spreadsheet (3.27E+15)."""
    bare = raw.str.replace_all(r"[\s.\-']", "")
    return pl.when(bare.str.contains(r"^[0-9]{16}$")).then(bare)


def birth_date(nik: pl.Expr, as_of: date) -> pl.Expr:
    """The birth date a NIK encodes, or null where it is none, in the century that makes a working age."""
    day = nik.str.slice(6, 2).cast(pl.Int64, strict=False)
    day = pl.when(day > 40).then(day - 40).otherwise(day)
    year = nik.str.slice(10, 2).cast(pl.Int64, strict=False)
    century = pl.when(year > as_of.year % 100 - YOUNGEST).then(1900).otherwise(2000)
    text = pl.format("{}-{}-{}", century + year, nik.str.slice(8, 2), day)
    return text.str.to_date("%Y-%m-%d", strict=False)


def sex(nik: pl.Expr) -> pl.Expr:
    """`P` where the encoded day is a woman's, else `L`; null without a NIK."""
    woman = nik.str.slice(6, 2).cast(pl.Int64, strict=False) > 40
    return pl.when(woman).then(pl.lit("P")).when(~woman).then(pl.lit("L"))


def plausible(nik: pl.Expr, as_of: date) -> pl.Expr:
    """True for a NIK that can be somebody's: known province, real date, working age, serial, no placeholder.

    A family-card number typed in its place mostly fails here, because its date is the day of issue.
    """
    encoded = birth_date(nik, as_of)
    age = as_of.year - encoded.dt.year()
    return (
        nik.str.slice(0, 2).is_in(PROVINCES)
        & ~nik.is_in(PLACEHOLDERS)
        & ~nik.str.ends_with("00000000")
        & (nik.str.slice(12, 4) != "0000")
        & encoded.is_not_null()
        & age.is_between(YOUNGEST, OLDEST)
    ).fill_null(value=False)
