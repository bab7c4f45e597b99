"""EMP-03: one tax number, two employers: another NIB, or another name where a NIB is not given.

A NIB is one per business actor, whatever the branch (OSS); branches share the first nine digits of the NPWP.
"""

from __future__ import annotations

import polars as pl

from jendela.law.readings import DifferingFirms
from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import Known

CODE = "EMP-03"
RECORD = ("office", "feed", "record_id")
SHOWN = ("npwp", "nib", "employer_name")


def find(known: Known) -> pl.DataFrame:
    """One case per employer record beside the one that was known first by its tax number.

    Found: both have a NIB and these differ; or one has none, the number is no natural person's, and the names
    have no word in common. Of several records that clash in the same way the first counts.
    """
    readings = known.law.readings.emp03
    told = known.records["employer"].with_columns(
        body=_body(), person=_of_person(readings), words=_words(readings)
    )
    told = told.drop_nulls("body").sort("first_seq", "record_id")
    first = told.unique("body", keep="first", maintain_order=True)
    shown = ["body", "person", "words", "nib", "npwp", "employer_name", *RECORD, "as_of"]
    pairs = told.join(first.select(shown), on="body", suffix="_b").filter(
        pl.col("record_id") != pl.col("record_id_b")
    )
    numbered = pl.col("nib").is_not_null() & pl.col("nib_b").is_not_null()
    both_named = (pl.col("words").list.len() > 0) & (pl.col("words_b").list.len() > 0)
    strange = pl.col("words").list.set_intersection("words_b").list.len() == 0
    named_otherwise = ~numbered & ~pl.col("person") & both_named & strange
    other_nib = numbered & (pl.col("nib") != pl.col("nib_b"))
    pairs = pairs.with_columns(
        clash=pl.when(other_nib).then("nib").otherwise(pl.col("words").list.join(" ")),
        found=other_nib | named_otherwise,
    )
    once = pairs.filter("found").unique(["body", "clash"], keep="first", maintain_order=True)
    names, values = fields(SHOWN)
    return cases(
        CODE,
        pl.concat([once, pairs.filter(~pl.col("found"))]).with_columns(
            may_open=True,
            person_id=pl.lit(None, pl.String),
            office=known.competent(pl.col("region_code")),
            side_a=side(*RECORD, names, values, pl.col("as_of")),
            side_b=side("office_b", "feed_b", "record_id_b", *fields(SHOWN, suffix="_b"), pl.col("as_of_b")),
            closing=pl.lit("the numbers and names agree now"),
        ),
        ["record_id", "record_id_b"],
    )


def _body() -> pl.Expr:
    """What of the NPWP stands for the legal entity; null for zeros. A NIK in its place is one by itself."""
    npwp = pl.col("npwp")
    long = npwp.str.len_chars() == 16
    nine = pl.when(long).then(npwp.str.slice(1, 9)).otherwise(npwp.str.slice(0, 9))
    body = pl.when(long & ~npwp.str.starts_with("0")).then(npwp).otherwise(nine)
    return pl.when(body.str.contains("[1-9]")).then(body)


def _of_person(readings: DifferingFirms) -> pl.Expr:
    npwp = pl.col("npwp")
    long = npwp.str.len_chars() == 16
    kind = pl.when(long).then(npwp.str.slice(1, 2)).otherwise(npwp.str.slice(0, 2))
    return (long & ~npwp.str.starts_with("0")) | kind.is_in(readings.persons)


def _words(readings: DifferingFirms) -> pl.Expr:
    """The words of the name by which it can be told from another, sorted."""
    name = pl.col("employer_name").str.normalize("NFKD").str.to_uppercase()
    name = name.str.replace(rf"\b(?:{'|'.join(readings.branch)})\b.*$", "")
    words = (
        name.str.replace_all(r"\.", "").str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars().str.split(" ")
    )
    told = words.list.filter(~pl.element().is_in(readings.ignored) & (pl.element().str.len_chars() > 1))
    return told.list.unique().list.sort()
