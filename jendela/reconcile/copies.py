"""LET-01: two letters of one termination that differ in reason, effective date or amount.

The two letters are with different holders: the worker's copy at BPJS, the copy at a labour office. The
employer's own report counts for its date; its reason is LET-05. A letter that another one replaced is
compared with nothing, and a correction or withdrawal that names the other says itself why they differ.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import replacement, stands
from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import Known
from jendela.reconcile.relation import first_of, near, same_firm

CODE = "LET-01"


def find(known: Known) -> pl.DataFrame:
    """The pairs of letters, and the pairs of a letter and the report of it."""
    return pl.concat([letters(known), reports(known)])


def letters(known: Known) -> pl.DataFrame:
    """One case per pair of letters that are each other's counterpart at two holders.

    The counterpart of a letter at another holder is the one with its number, else the one nearest in date;
    letters with another number are of the same termination when their effective dates are days apart (rule
    L-13).
    """
    readings = known.law.readings.let01
    types = {*readings.letter_types, *readings.explained_by}
    copies = known.letters.filter(pl.col("letter_type").is_in(types)).with_columns(
        reason=pl.when(pl.col("reason_code").is_in(readings.unknown_reasons).not_()).then("reason_code"),
    )
    copies = _without_duplicates(copies, readings.amounts)
    pairs = _pairs(copies, known.law.readings.facts.termination_days)
    pairs = _counterparts(pairs)
    named = _names_other(readings.explained_by, "", "_b") | _names_other(readings.explained_by, "_b", "")
    replaced = pl.col("replaced_by").is_not_null() | pl.col("replaced_by_b").is_not_null()
    plain = pl.col("letter_type").is_in(readings.letter_types) & pl.col("letter_type_b").is_in(
        readings.letter_types
    )
    shown = ["effective_date", "reason_code", *readings.amounts, *readings.told]
    pairs = pairs.with_columns(
        decisive=_differences(readings.amounts, readings.amount_tolerance),
        told=_told(readings.told),
        explained=named.fill_null(value=False) | replaced,
    ).filter(plain)
    pairs = pairs.with_columns(differ=pl.concat_list("decisive", "told"))
    return cases(
        CODE,
        pairs.with_columns(
            found=(pl.col("decisive").list.len() > 0) & ~pl.col("explained"),
            may_open=True,
            office=known.competent(pl.coalesce("workplace_region", "workplace_region_b")),
            employer_id=pl.coalesce("employer_id", "employer_id_b"),
            side_a=_side("", shown),
            side_b=_side("_b", shown),
            closing=pl.when(replaced)
            .then(pl.coalesce(replacement(), _replacement_b()))
            .when("explained")
            .then(pl.lit("a correction or withdrawal names the other letter"))
            .otherwise(pl.lit("the letters agree")),
        ),
        ["record_id", "record_id_b"],
    )


def reports(known: Known) -> pl.DataFrame:
    """One case per report that names a letter that stands: the report says another effective date.

    A correction explains why the earlier report says otherwise.
    """
    told = first_of(known.reports.drop_nulls("effective_date"), ["fact_id", "office"])
    types = known.law.readings.let01.letter_types
    named = known.documents.filter(pl.col("letter_type").is_in(types)).select(
        "person_id",
        "number",
        "replaced_by",
        "replaced_how",
        "letter_type",
        "anchor",
        "workplace_region",
        record_id_b="record_id",
        office_b="office",
        feed_b="feed",
        firm_b="employer_id",
        date_b="effective_date",
        as_of_b="as_of",
        standing=stands(),
    )
    days = known.law.readings.facts.spell_end_days
    asked = told.join(named, on=["person_id", "number"], suffix="_of_letter").filter(
        same_firm("employer_id", "firm_b") & near("effective_date", "date_b", days)
    )
    asked = asked.sort("standing", "anchor", descending=[True, False])
    asked = asked.unique("record_id", keep="first", maintain_order=True)
    revised = ~pl.col("standing") | pl.col("letter_type").is_in(known.law.readings.let01.explained_by)
    apart = pl.col("effective_date") != pl.col("date_b")
    field = pl.lit("effective_date")
    return cases(
        CODE,
        asked.with_columns(
            found=apart & ~revised,
            may_open=True,
            office=known.competent(pl.coalesce("workplace_region", "workplace_region_of_letter")),
            side_a=side("office", "feed", "record_id", field, pl.col("effective_date"), pl.col("as_of")),
            side_b=side("office_b", "feed_b", "record_id_b", field, pl.col("date_b"), pl.col("as_of_b")),
            closing=pl.when(revised)
            .then(pl.coalesce(replacement(), pl.lit("the letter is a correction")))
            .otherwise(pl.lit("letter and report agree")),
        ),
        ["record_id", "anchor"],
    )


def _without_duplicates(copies: pl.DataFrame, amounts: tuple[str, ...]) -> pl.DataFrame:
    """One of the letters that a holder has twice: the same file, or the same number and content."""
    same = ["person_id", "office", "number", "letter_type", "reason", "effective_date", *amounts]
    ordered = copies.sort("first_seq", "record_id")
    file = pl.coalesce("document_sha256", "record_id")
    once = ordered.filter(pl.struct("person_id", "office", file.alias("file")).is_first_distinct())
    content = pl.struct(same).is_first_distinct() | pl.col("number").is_null()
    return once.filter(content)


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
    """The decisive fields in which both letters say something and not the same."""
    named = [
        pl.when(pl.col("effective_date") != pl.col("effective_date_b")).then(pl.lit("effective_date")),
        pl.when(pl.col("reason") != pl.col("reason_b")).then(pl.lit("reason_code")),
    ]
    named += [
        pl.when((pl.col(name) - pl.col(f"{name}_b")).abs() > tolerance).then(pl.lit(name)) for name in amounts
    ]
    return pl.concat_list(named).list.drop_nulls()


def _told(names: tuple[str, ...]) -> pl.Expr:
    """The other fields that differ."""
    named = [pl.when(pl.col(name) != pl.col(f"{name}_b")).then(pl.lit(name)) for name in names]
    return pl.concat_list([pl.lit(None, pl.String), *named]).list.drop_nulls()


def _replacement_b() -> pl.Expr:
    return pl.format("replaced by a letter that names it ({}), record {}", "replaced_how_b", "replaced_by_b")


def _side(letter: str, shown: list[str]) -> pl.Expr:
    """One letter's values of the fields that differ, in their order."""
    names, values = fields(shown, only="differ", suffix=letter)
    return side(
        f"office{letter}",
        f"feed{letter}",
        f"record_id{letter}",
        names,
        values,
        pl.col(f"as_of{letter}"),
    )
