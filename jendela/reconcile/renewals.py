"""EMP-06: an establishment whose yearly report to WLKP was not renewed (UU 7/1981, Permenaker 18/2017)."""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, nothing, side
from jendela.reconcile.firms import CENTRAL
from jendela.reconcile.known import Known

CODE = "EMP-06"
RECORD = ("office", "feed", "record_id")


def find(known: Known) -> pl.DataFrame:
    """One case per establishment in WLKP of which the last renewal (or the first report) is known.

    Found: it is active, and the months for which that holds and the days of grace after them are over.
    """
    readings = known.law.readings
    active = pl.col("status").is_in(readings.employers.states).fill_null(value=True)
    last = pl.max_horizontal("registered_date", "renewed_date")
    told = known.held_by("employer", CENTRAL).drop_nulls("renewed_date")
    asked = told.with_columns(last=last, active=active)
    until = pl.col("last").dt.offset_by(f"{readings.emp06.months}mo")
    over = until.dt.offset_by(f"{readings.emp06.grace_days}d") < known.day
    return cases(
        CODE,
        asked.with_columns(
            found=over & pl.col("active"),
            may_open=known.was_heard(pl.lit(CENTRAL), "employer"),
            person_id=pl.lit(None, pl.String),
            office=known.competent(pl.col("region_code")),
            side_a=side(*RECORD, pl.lit("renewed_date"), pl.col("last"), pl.col("as_of")),
            side_b=nothing(pl.lit(CENTRAL), "renewed_date", known),
            closing=pl.when("active")
            .then(pl.format("renewed on {}", pl.col("last").cast(pl.String)))
            .otherwise(pl.format("the employer is {} now", pl.col("status").fill_null("-"))),
        ),
        ["record_id"],
    )
