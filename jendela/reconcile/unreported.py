"""WRK-02: a worker registered with BPJS and not reported to WLKP (UU 7/1981)."""

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
from jendela.reconcile.relation import first_of, near

CODE = "WRK-02"
CENTRAL = "kemnaker"


def find(known: Known) -> pl.DataFrame:
    """One case per employment that runs at BPJS with an employer whom WLKP knows.

    Found: no record of WLKP is of the same employment, and the days of grace since the registration have
    passed. An employer unknown to WLKP is another matter (EMP-02). While WLKP has somebody with that employer
    who began in those days and is not at BPJS (WRK-01), it may be the same worker, written so that nobody can
    tell: nothing is concluded.
    """
    readings = known.law.readings.wrk02
    grace = readings.grace_days
    at_wlkp = known.held_outside_bpjs("employment")
    firms = known.held_outside_bpjs("employer")["employer_id"].drop_nulls().unique()
    running = pl.col("end_date").is_null() | (pl.col("end_date") >= known.day)
    at_bpjs = known.held_by("employment", BPJS).filter(
        pl.col("person_id").is_not_null() & pl.col("employer_id").is_in(firms.implode())
    )
    registered = pl.coalesce("registered_date", "start_date", "as_of")
    spells = first_of(
        at_bpjs.with_columns(
            registered=registered.min().over("fact_id"), running=running.any().over("fact_id")
        ),
        "fact_id",
    )
    told = first_of(at_wlkp, "fact_id").select("fact_id", told="record_id", told_in="feed")
    asked = spells.join(told, on="fact_id", how="left")
    missing, over = pl.col("told").is_null(), past_grace(known, grace)
    could = reviewable(known, asked.filter(missing & over), at_wlkp.drop_nulls(["person_id", "employer_id"]))
    mirrored = pl.col("record_id").is_in(
        _mirrored(asked.filter(missing), at_wlkp, at_bpjs, readings.mirror_days).implode()
    )
    heard = known.was_heard(pl.lit(CENTRAL), "employment")
    return cases(
        CODE,
        asked.with_columns(
            found=missing & over & pl.col("running"),
            may_open=heard & ~mirrored & ~withheld(known, CODE, could),
            office=known.competent(pl.col("workplace_region")),
            side_a=by_registration(),
            side_b=nothing(pl.lit(CENTRAL), "employment", known),
            closing=pl.when(~missing)
            .then(pl.format("{}: an employment in WLKP, record {}", "told_in", "told"))
            .when(~pl.col("running"))
            .then(pl.lit("the employment has ended"))
            .otherwise(WITHIN_GRACE),
        ),
        ["record_id"],
    )


def _mirrored(missing: pl.DataFrame, at_wlkp: pl.DataFrame, at_bpjs: pl.DataFrame, days: int) -> pl.Series:
    """The `record_id` of the spells beside which WLKP has somebody whom BPJS lacks."""
    lacking = at_wlkp.drop_nulls(["employer_id", "start_date"]).join(at_bpjs, on="fact_id", how="anti")
    pairs = missing.join(lacking.select("employer_id", its_start="start_date"), on="employer_id")
    return pairs.filter(near("start_date", "its_start", days))["record_id"].unique()
