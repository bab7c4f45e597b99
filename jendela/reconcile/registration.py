"""WRK-01: a worker reported to WLKP and not registered with BPJS (UU 24/2011 Pasal 15)."""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import (
    WITHIN_GRACE,
    by_registration,
    cases,
    nothing,
    past_grace,
    reviewable,
    withheld,
)
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of

CODE = "WRK-01"


def find(known: Known) -> pl.DataFrame:
    """One case per employment that WLKP has with an employer whom BPJS knows.

    Found: no record of BPJS is of the same employment, and the days of grace since the registration have
    passed. An employer unknown to BPJS is another matter (EMP-01).
    """
    grace = known.law.readings.wrk01.grace_days
    at_bpjs = known.held_by("employment", BPJS)
    firms = pl.concat([known.held_by("employer", BPJS)["employer_id"], at_bpjs["employer_id"]]).drop_nulls()
    at_wlkp = known.held_outside_bpjs("employment").filter(
        pl.col("person_id").is_not_null() & pl.col("employer_id").is_in(firms.unique().implode())
    )
    registered = pl.coalesce("registered_date", "start_date", "as_of")
    employments = first_of(at_wlkp.with_columns(registered=registered.min().over("fact_id")), "fact_id")
    spells = first_of(at_bpjs, "fact_id").select("fact_id", spell="record_id", spell_feed="feed")
    asked = employments.join(spells, on="fact_id", how="left")
    missing, over = pl.col("spell").is_null(), past_grace(known, grace)
    could = reviewable(known, asked.filter(missing & over), at_bpjs.drop_nulls("employer_id"))
    heard = known.was_heard(pl.lit(BPJS), "employment")
    return cases(
        CODE,
        asked.with_columns(
            found=missing & over,
            may_open=heard & ~withheld(known, CODE, could),
            office=known.competent(pl.col("workplace_region")),
            side_a=by_registration(),
            side_b=nothing(pl.lit(BPJS), "employment", known),
            closing=pl.when(missing)
            .then(WITHIN_GRACE)
            .otherwise(pl.format("{}: a spell at BPJS, record {}", "spell_feed", "spell")),
        ),
        ["record_id"],
    )
