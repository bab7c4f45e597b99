"""Blocking keys: two mentions are worth comparing when they share one. Each finds pairs the others miss.

Keys are made in clear from the standard frame; the hub stores and joins them only as keyed hashes.
Source: DOMAIN 3.7.
"""

from __future__ import annotations

import polars as pl

# `nik` is kept for looking a person up; `nik12` already unites everything it would.
LOOKUP = ("nik",)


def blocking_keys(standard: pl.DataFrame) -> pl.DataFrame:
    """`kind, key, record_id`, one row per key that a mention has.

    nik       the whole number (for lookup, not for blocking)
    nik12     region and birth date of the NIK: another serial, another name
    kpj       the participant number
    birth     birth date, day and month in either order, with the onset of the name: no NIK, a slip, two NIKs
    cohort    birth date and employer: a name written quite otherwise
    employer  the employer with the whole name: no NIK and a wrong birth date
    year      birth year with the whole name: the same without an employer
    phone     the telephone with the birth date: the same as `cohort` without an employer
    """
    born, head, whole = pl.col("birth_date"), pl.col("head"), pl.col("whole")
    day, month = born.dt.day(), born.dt.month()
    # A day above 12 cannot have changed places with the month.
    swapped = pl.when(day <= 12).then(pl.min_horizontal(day, month)).otherwise(month)
    other = pl.when(day <= 12).then(pl.max_horizontal(day, month)).otherwise(day)
    birth = pl.format("{}|{}|{}", born.dt.year(), swapped, other)
    nik = pl.when(pl.col("nik_good")).then(pl.col("nik"))
    # Two consonants survive a joined word (Dian Herman, Dianherman) and a cut one.
    onset = head.str.slice(0, 2)
    keys = {
        "nik": nik,
        "nik12": nik.str.slice(0, 12),
        "kpj": pl.col("kpj"),
        "birth": pl.format("{}|{}", birth, onset),
        "cohort": pl.format("{}|{}", pl.col("employer_id"), birth),
        "year": pl.format("{}|{}", born.dt.year(), whole),
        "employer": pl.format("{}|{}", pl.col("employer_id"), whole),
        "phone": pl.format("{}|{}", pl.col("phone"), birth),
    }
    wide = standard.select("record_id", *(key.alias(kind) for kind, key in keys.items()))
    long = wide.unpivot(index="record_id", variable_name="kind", value_name="key")
    return long.filter(pl.col("key").is_not_null()).select("kind", "key", "record_id")
