"""CON-02: the wage that a letter says was reported to BPJS is not the one at BPJS (rule L-10).

The benefit is counted from the wage at BPJS (PP 37/2021 Pasal 21). The tolerance is inclusive: five percent
is none.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import replacement, stands
from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.lawful import broken
from jendela.reconcile.relation import near, same_firm

CODE = "CON-02"
FIELD = "last_wage_reported_bpjs"


def find(known: Known) -> pl.DataFrame:
    """One case per letter that states that wage, whose worker has a spell with a wage at BPJS."""
    readings = known.law.readings
    letters = known.documents.filter(pl.col("letter_type").is_in(readings.con02.letter_types)).drop_nulls(
        FIELD
    )
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "wage_reported"])
    told = spells.select(
        "person_id",
        its_record="record_id",
        its_office="office",
        its_feed="feed",
        its_firm="employer_id",
        its_end="end_date",
        its_as_of="as_of",
        sipp_wage="wage_reported",
    )
    near_end = near("effective_date", "its_end", readings.facts.spell_end_days)
    pairs = letters.join(told, on="person_id").filter(
        same_firm("employer_id", "its_firm") & near_end.fill_null(value=True)
    )
    apart = (pl.col("effective_date") - pl.col("its_end")).dt.total_days().abs()
    pairs = pairs.sort(apart, "its_record", nulls_last=True).unique(
        "record_id", keep="first", maintain_order=True
    )
    asked = pairs.join(broken(pairs, known, "L-10"), on="record_id", how="left")
    return cases(
        CODE,
        asked.with_columns(
            found=pl.col("checks").is_not_null() & stands(),
            may_open=True,
            office="competent_office",
            side_a=side("office", "feed", "record_id", pl.lit(FIELD), pl.col(FIELD), pl.col("as_of")),
            side_b=side(
                "its_office",
                "its_feed",
                "its_record",
                pl.lit(FIELD),
                pl.col("sipp_wage"),
                pl.col("its_as_of"),
            ),
            closing=pl.coalesce(replacement(), pl.lit("the wages agree")),
        ),
        ["anchor"],
    )
