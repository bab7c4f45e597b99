"""ID-01, ID-03: several NIKs of one person. ID-04, ID-05: a person's only NIK says other than is stated.

A NIK is permanent and need not agree with a birth date that was corrected later: that is a signal, no error
(DOMAIN 2.1). A NIK that two persons share says nothing of either of them: that is ID-02 first.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import Known
from jendela.reconcile.relation import first_of

RECORD = ("office", "feed", "record_id")
DATE, SEX, BIRTH = "N3", "N6", "N7"
"""What the contracts note where a NIK has no date, or the sex or the date in it is not the one stated."""


def find(known: Known) -> pl.DataFrame:
    """The cases of the four codes."""
    shared = _shared(known)
    mine = known.niks.join(known.mentions.drop("person_id"), on="record_id")
    doubtful = known.slips.select("person_id").unique()
    lone = mine.join(doubtful, on="person_id", how="anti").filter(~pl.col("nik").is_in(shared.implode()))
    return pl.concat([several(known, mine, shared), births(lone), sexes(known, lone)])


def _shared(known: Known) -> pl.Series:
    """The NIKs, as hashes, that are two persons'."""
    people = known.mentions.select("record_id", "person_id")
    ends = known.shared_nik.join(people, left_on="left_id", right_on="record_id").join(
        people, left_on="right_id", right_on="record_id", suffix="_b"
    )
    return ends.filter(pl.col("person_id") != pl.col("person_id_b"))["reference"].unique()


def several(known: Known, mine: pl.DataFrame, shared: pl.Series) -> pl.DataFrame:
    """One case per two NIKs of one person, made of the records that had each first.

    ID-01 where they are one slip apart (a digit or two neighbours); ID-03 where they are more. ID-03 waits
    while a reviewer may still say that a record is somebody else's.
    """
    first = first_of(mine, ["person_id", "nik"]).drop("sex", "noted")
    one, two = pl.col("nik"), pl.col("nik_b")
    own = known.slips.filter(~one.is_in(shared.implode()) & ~two.is_in(shared.implode()))
    pairs = own.join(first, on=["person_id", "nik"]).join(
        first, left_on=["person_id", "nik_b"], right_on=["person_id", "nik"], suffix="_b"
    )
    waits = pl.col("person_id").is_in(known.review["person_id"].implode()) & pl.lit(
        "ID-03" in known.law.readings.withheld_by_review
    )
    told = pairs.with_columns(
        found=True,
        may_open=True,
        employer_id=pl.lit(None, pl.String),
        side_a=_nik("", pl.col("nik")),
        side_b=_nik("_b", pl.col("nik_b")),
        office=pl.lit(None, pl.String),
    )
    slipped = pl.col("slips") == 1
    ids = ["record_id", "record_id_b"]
    return pl.concat(
        [
            cases("ID-01", told.filter(slipped), ids),
            cases("ID-03", told.filter(~slipped).with_columns(may_open=~waits), ids),
        ]
    )


def births(lone: pl.DataFrame) -> pl.DataFrame:
    """ID-04: one case per person, made of the first record whose birth date is not the one in the NIK."""
    return cases("ID-04", _noted(lone, BIRTH, "birth_date"), ["record_id"])


def sexes(known: Known, lone: pl.DataFrame) -> pl.DataFrame:
    """ID-05: one case per person, made of the first two records that state different sexes; else of the first
    that states another than the NIK says."""
    stated = first_of(known.mentions.drop_nulls("sex"), ["person_id", "sex"])
    man, woman = (stated.filter(pl.col("sex") == sex) for sex in ("L", "P"))
    apart = man.join(woman, on="person_id", suffix="_b").with_columns(
        found=True,
        may_open=True,
        employer_id=pl.lit(None, pl.String),
        side_a=side(*RECORD, pl.lit("sex"), pl.col("sex"), pl.col("as_of")),
        side_b=side("office_b", "feed_b", "record_id_b", pl.lit("sex"), pl.col("sex_b"), pl.col("as_of_b")),
        office=pl.lit(None, pl.String),
    )
    rest = _noted(lone, SEX, "sex").join(apart.select("person_id"), on="person_id", how="anti")
    return pl.concat(
        [cases("ID-05", apart, ["record_id", "record_id_b"]), cases("ID-05", rest, ["record_id"])]
    )


def _noted(lone: pl.DataFrame, rule: str, field: str) -> pl.DataFrame:
    dated = ~pl.col("noted").list.contains(DATE)  # else a slip is where the day and the sex are
    told = first_of(lone.filter(pl.col("noted").list.contains(rule) & dated), "person_id")
    return told.with_columns(
        found=True,
        may_open=True,
        employer_id=pl.lit(None, pl.String),
        side_a=_nik("", pl.col("nik")),
        side_b=side(*RECORD, pl.lit(field), pl.lit("another than in the NIK"), pl.col("as_of")),
        office=pl.lit(None, pl.String),
    )


def _nik(suffix: str, nik: pl.Expr) -> pl.Expr:
    value = pl.format("NIK {}", nik.str.slice(0, 12))
    office, feed, record = (f"{name}{suffix}" for name in RECORD)
    return side(office, feed, record, pl.lit("nik"), value, pl.col(f"as_of{suffix}"))
