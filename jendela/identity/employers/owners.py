"""Whose an NPP is: the rows of BPJS say it, and WLKP, where employers type it themselves, may be mistaken."""

from __future__ import annotations

import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from jendela.identity.employers.keys import employer_keys, finding, names_of
from jendela.identity.employers.spelling import name_forms


def own_numbers(standard: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """The standard frame without the NPP of WLKP rows that typed another's, or mistyped their own.

    The frame holds all records of every NPP in it; `counts` are those of its keys in the whole register.
    Without the NPP the row is judged by all else it says.
    """
    from_bpjs, from_wlkp = pl.col("wlkp").is_null(), pl.col("wlkp").is_not_null()
    rows = standard.select("record_id", "npp", "wlkp", "npwp", "nib").drop_nulls("npp")
    owners, typed = rows.filter(from_bpjs), rows.filter(from_wlkp)
    wrong = pl.concat([_of_others(standard, owners, typed), _mistyped(standard, counts, owners, typed)])
    kept = ~pl.col("record_id").is_in(wrong.implode())
    return standard.with_columns(npp=pl.when(kept).then("npp"))


def one_slip(left: pl.Series, right: pl.Series) -> pl.Series:
    """True where two numbers differ by one character or two swapped ones, or not at all."""
    if left.is_empty():
        return pl.Series([], dtype=pl.Boolean)
    distance = process.cpdist(
        left.fill_null("").to_list(), right.fill_null("").to_list(), scorer=OSA.distance, score_cutoff=1
    )
    return pl.Series(distance <= 1)


def _of_others(standard: pl.DataFrame, owners: pl.DataFrame, typed: pl.DataFrame) -> pl.Series:
    """The rows whose legal entity, and every telling word of whose name, are not those of the NPP's owner."""
    names = names_of(standard)
    words = names.join(name_forms(names["name"]).select("name", words="telling"), on="name")
    words = words.explode("words").group_by("record_id").agg(pl.col("words").unique())
    owned = owners.join(words, on="record_id").group_by("npp")
    theirs = owned.agg(pl.col("npwp", "nib").drop_nulls().unique(), pl.col("words").explode().unique())
    claims = typed.join(words, on="record_id").join(theirs, on="npp", suffix="_owner")
    nothing_common = pl.col("words").list.set_intersection("words_owner").list.len() == 0
    said = [
        pl.col(number).is_not_null() & (pl.col(f"{number}_owner").list.len() > 0)
        for number in ("npwp", "nib")
    ]
    same = [pl.col(number).is_in(pl.col(f"{number}_owner")) for number in ("npwp", "nib")]
    another = pl.any_horizontal(said) & ~pl.any_horizontal(both.fill_null(value=False) for both in same)
    return claims.filter(another & nothing_common)["record_id"]


def _mistyped(
    standard: pl.DataFrame, counts: pl.DataFrame, owners: pl.DataFrame, typed: pl.DataFrame
) -> pl.Series:
    """The rows whose NPP nobody has at BPJS, but for a slip one of the same legal entity in the same area."""
    legal = employer_keys(standard).filter(pl.col("kind") == "legal")
    legal = legal.join(finding(counts), on=["kind", "key"], how="semi").select("record_id", "key")
    unknown = typed.join(owners, on="npp", how="anti").select("record_id", "npp").join(legal, on="record_id")
    theirs = owners.select("record_id", "npp").join(legal, on="record_id")
    pairs = unknown.join(theirs, on="key", suffix="_b")
    return pairs.filter(one_slip(pairs["npp"], pairs["npp_b"]))["record_id"].unique()
