"""LET-06: a statement of resignation, while other evidence tells of a dismissal.

A resignation ends the right to the benefit (PP 37/2021 Pasal 20) and to severance (PP 35/2021 Pasal 50):
whether it was one, industrial relations finds out.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import replacement, stands
from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import near, same_firm

CODE = "LET-06"
DATED = ("reason_code", "effective_date")


def find(known: Known) -> pl.DataFrame:
    """One case per letter that says resigned.

    Found: about those days and of the same employer a letter of dismissal stands, an office has a report of
    one, or BPJS has the spell as ended by one. The strongest is shown, in that order.
    """
    readings = known.law.readings.let06
    says = pl.col("letter_type").is_in(readings.letter_types) | pl.col("reason_code").is_in(readings.reasons)
    says = says & ~pl.col("letter_type").is_in(known.law.readings.let01.explained_by)
    letters = known.documents.filter(says.fill_null(value=False))
    pairs = letters.join(_dismissals(known), on="person_id").filter(
        same_firm("employer_id", "its_firm")
        & near("effective_date", "its_date", known.law.readings.facts.spell_end_days)
    )
    order = ["rank", "its_seq", "its_record"]
    first = pairs.sort(order).unique("record_id", keep="first", maintain_order=True)
    shown = (
        "rank",
        "its_record",
        "its_office",
        "its_feed",
        "its_field",
        "its_value",
        "its_as_of",
        "its_region",
    )
    asked = letters.join(first.select("record_id", *shown), on="record_id", how="left")
    names, values = fields(DATED)
    return cases(
        CODE,
        asked.with_columns(
            found=pl.col("its_record").is_not_null() & stands(),
            may_open=True,
            office=known.competent(pl.coalesce("workplace_region", "its_region")),
            side_a=side("office", "feed", "record_id", names, values, pl.col("as_of")),
            side_b=side(
                "its_office",
                "its_feed",
                "its_record",
                pl.col("its_field"),
                pl.col("its_value"),
                pl.col("its_as_of"),
            ),
            closing=pl.coalesce(replacement(), pl.lit("no other record tells of a dismissal")),
        ),
        ["anchor"],
    )


def _dismissals(known: Known) -> pl.DataFrame:
    """What tells of a dismissal: letters that stand, reports that were not withdrawn, spells at BPJS."""
    readings = known.law.readings
    dismissed = readings.let05.causes[readings.let06.dismissed]
    means = pl.col("reason_code").is_in(dismissed).fill_null(value=False)
    letters = known.documents.filter(means & stands())
    reports = known.reports.filter(means & pl.col("withdrawn_by").is_null())
    spells = known.held_by("employment", BPJS).drop_nulls("person_id")
    spells = spells.filter(pl.col("end_cause") == readings.let06.dismissed)
    names, values = fields(DATED)
    cause, ended = fields(("end_cause", "end_date"))
    parts = [
        (letters, "effective_date", names, values),
        (reports, "effective_date", names, values),
        (spells, "end_date", cause, ended),
    ]
    return pl.concat(
        records.select(
            "person_id",
            rank=pl.lit(rank),
            its_record="record_id",
            its_office="office",
            its_feed="feed",
            its_firm="employer_id",
            its_date=date,
            its_field=field,
            its_value=value,
            its_region="workplace_region",
            its_as_of="as_of",
            its_seq="first_seq",
        )
        for rank, (records, date, field, value) in enumerate(parts)
    )
