"""LET-01: two letters of one termination that differ in reason, effective date or amount.

The two letters are with different holders. A correction or withdrawal that names the other says itself why
they differ; a second copy of a letter at one holder adds nothing.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import Known
from jendela.reconcile.letters import numbered

CODE = "LET-01"


def find(known: Known) -> pl.DataFrame:
    """One case per pair of letters that are each other's counterpart at two holders.

    The counterpart of a letter at another holder is the one with its number, else the one nearest in date;
    letters with another number are of the same termination when their effective dates are days apart (rule
    L-13).
    """
    readings = known.law.readings.let01
    types = {*readings.letter_types, *readings.explained_by}
    letters = numbered(known.records["termination_letter"]).filter(pl.col("letter_type").is_in(types))
    letters = letters.with_columns(
        reason=pl.when(pl.col("reason_code").is_in(readings.unknown_reasons).not_()).then("reason_code"),
        replaces=pl.col("supersedes_number").str.to_uppercase().str.replace_all(r"[^0-9A-Z]", ""),
    )
    letters = _without_duplicates(letters, readings.amounts)
    pairs = _pairs(letters, known.law.readings.facts.termination_days)
    pairs = _counterparts(pairs)
    explained = _names_other(readings.explained_by, "", "_b") | _names_other(readings.explained_by, "_b", "")
    plain = pl.col("letter_type").is_in(readings.letter_types) & pl.col("letter_type_b").is_in(
        readings.letter_types
    )
    differs = _differences(readings.amounts, readings.amount_tolerance)
    pairs = pairs.with_columns(fields=differs, explained=explained.fill_null(value=False)).filter(plain)
    different = pl.col("fields").list.len() > 0
    return cases(
        CODE,
        pairs.with_columns(
            found=different & ~pl.col("explained"),
            may_open=True,
            office=known.competent(pl.coalesce("workplace_region", "workplace_region_b")),
            employer_id=pl.coalesce("employer_id", "employer_id_b"),
            side_a=_side("", readings.amounts),
            side_b=_side("_b", readings.amounts),
            closing=pl.when("explained")
            .then(pl.lit("a correction or withdrawal names the other letter"))
            .otherwise(pl.lit("the letters agree")),
        ),
        ["record_id", "record_id_b"],
    )


def _without_duplicates(letters: pl.DataFrame, amounts: tuple[str, ...]) -> pl.DataFrame:
    """One of the letters that a holder has twice: same person, number, type, reason, date and amounts."""
    same = ["person_id", "office", "number", "letter_type", "reason", "effective_date", *amounts]
    numbered_ones = letters.filter(pl.col("number").is_not_null()).sort("first_seq", "record_id")
    once = numbered_ones.unique(same, keep="first", maintain_order=True)
    return pl.concat([once, letters.filter(pl.col("number").is_null())])


def _pairs(letters: pl.DataFrame, days: int) -> pl.DataFrame:
    """Letters of one termination at two holders; the left one is not BPJS, which sorts first."""
    both = letters.join(letters, on="person_id", suffix="_b").filter(pl.col("office") > pl.col("office_b"))
    firm, other = pl.col("employer_id"), pl.col("employer_id_b")
    one_firm = (firm == other) | firm.is_null() | other.is_null()
    apart = (pl.col("effective_date") - pl.col("effective_date_b")).dt.total_days().abs()
    same_number = (pl.col("number") == pl.col("number_b")).fill_null(value=False)
    related = same_number | (apart <= days).fill_null(value=False)
    return both.with_columns(same_number=same_number, apart=apart.fill_null(9999)).filter(one_firm & related)


def _counterparts(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs in which one letter is the other's best counterpart at that holder."""
    order = ["same_number", "apart", "first_seq", "record_id", "first_seq_b", "record_id_b"]
    ranked = pairs.sort(order, descending=[True, False, False, False, False, False])
    of_left = ranked.unique(["record_id", "office_b"], keep="first", maintain_order=True)
    of_right = ranked.unique(["record_id_b", "office"], keep="first", maintain_order=True)
    return pl.concat([of_left, of_right]).unique(
        ["record_id", "record_id_b"], keep="first", maintain_order=True
    )


def _names_other(types: tuple[str, ...], letter: str, other: str) -> pl.Expr:
    return pl.col(f"letter_type{letter}").is_in(types) & (
        pl.col(f"replaces{letter}") == pl.col(f"number{other}")
    )


def _differences(amounts: tuple[str, ...], tolerance: int) -> pl.Expr:
    """The fields in which both letters say something and not the same."""
    named = [
        pl.when(pl.col("effective_date") != pl.col("effective_date_b")).then(pl.lit("effective_date")),
        pl.when(pl.col("reason") != pl.col("reason_b")).then(pl.lit("reason_code")),
    ]
    named += [
        pl.when((pl.col(name) - pl.col(f"{name}_b")).abs() > tolerance).then(pl.lit(name)) for name in amounts
    ]
    return pl.concat_list(named).list.drop_nulls()


def _side(letter: str, amounts: tuple[str, ...]) -> pl.Expr:
    """One letter's values of the fields that differ, in their order."""
    said = {
        "effective_date": "effective_date",
        "reason_code": "reason_code",
        **{name: name for name in amounts},
    }
    values = pl.concat_list(
        pl.when(pl.col("fields").list.contains(name)).then(pl.col(f"{column}{letter}").cast(pl.String))
        for name, column in said.items()
    ).list.drop_nulls()
    return side(
        f"office{letter}",
        f"feed{letter}",
        f"record_id{letter}",
        pl.col("fields").list.join(", "),
        values.list.join(", "),
        pl.col(f"as_of{letter}"),
    )
