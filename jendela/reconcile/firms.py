"""EMP-01: an employer in WLKP that BPJS does not have (UU 24/2011 Pasal 15: obliged and unregistered, PWBD).
EMP-02: an employer at BPJS that WLKP does not have (UU 7/1981).
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import WITHIN_GRACE, by_registration, cases, nothing, past_grace
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of

CENTRAL = "kemnaker"
NUMBERS = ("npp", "nib", "npwp")


def find(known: Known) -> pl.DataFrame:
    """The cases of both codes."""
    readings = known.law.readings
    at_wlkp, at_bpjs = known.held_by("employer", CENTRAL), known.held_by("employer", BPJS)
    unregistered = _missing("EMP-01", known, at_wlkp, at_bpjs, BPJS, readings.emp01.grace_days)
    return pl.concat(
        [
            unregistered,
            _missing("EMP-02", known, at_bpjs, at_wlkp, CENTRAL, readings.emp02.grace_days),
        ]
    )


def _missing(
    code: str, known: Known, here: pl.DataFrame, there: pl.DataFrame, office: str, grace: int
) -> pl.DataFrame:
    """One case per active employer `here` that has a number to be found by.

    Found: neither an employer record nor any employment at the other `office` is with that employer, and the
    days of grace since the registration have passed.
    """
    active = pl.col("status").is_in(known.law.readings.employers.states).fill_null(value=True)
    numbered = pl.any_horizontal(pl.col(name).is_not_null() for name in NUMBERS)
    registered = pl.coalesce("registered_date", "as_of")
    asked = first_of(here.drop_nulls("employer_id").filter(numbered), "employer_id").with_columns(
        active=active, registered=registered
    )
    work = known.held_by("employment", office).drop_nulls("employer_id")
    told = pl.concat(
        [
            frame.select("employer_id", "first_seq", its_record="record_id", its_feed="feed")
            for frame in (there, work)
        ]
    )
    answer = told.sort("first_seq", "its_record").unique("employer_id", keep="first", maintain_order=True)
    asked = asked.join(answer.drop("first_seq"), on="employer_id", how="left")
    missing, over = pl.col("its_record").is_null(), past_grace(known, grace)
    return cases(
        code,
        asked.with_columns(
            found=missing & over & pl.col("active"),
            may_open=known.was_heard(pl.lit(office), "employer", "employment"),
            person_id=pl.lit(None, pl.String),
            office=known.competent(pl.col("region_code")),
            side_a=by_registration(),
            side_b=nothing(pl.lit(office), "employer", known),
            closing=pl.when(~missing)
            .then(pl.format("{}: known there, record {}", "its_feed", "its_record"))
            .when(~pl.col("active"))
            .then(pl.format("the employer is {} now", pl.col("status").fill_null("-")))
            .otherwise(WITHIN_GRACE),
        ),
        ["record_id"],
    )
