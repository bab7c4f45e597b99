"""PES-01: somebody claims the benefit and is not registered as a job-seeker (PP 37/2021)."""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, nothing, reviewable, side, withheld
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of

CODE = "PES-01"
CENTRAL = "kemnaker"


def find(known: Known) -> pl.DataFrame:
    """One case per claim that is not withdrawn.

    Found: no office, central or local, has a registration of the claimant by tonight.
    """
    readings = known.law.readings.pes01
    claims = known.held_by("claim", BPJS).drop_nulls("person_id")
    claims = first_of(claims.filter(pl.col("status").is_in(readings.claim_status)), "fact_id")
    registrations = known.held_outside_bpjs("pes_registration").drop_nulls("person_id")
    first = first_of(registrations, "person_id").select("person_id", seeker="record_id", seeker_feed="feed")
    asked = claims.with_columns(holder="office").join(first, on="person_id", how="left")
    missing = pl.col("seeker").is_null()
    # Any employer will do: a job-seeker's registration names none.
    could = reviewable(known, asked.filter(missing), registrations)
    return cases(
        CODE,
        asked.with_columns(
            found=missing,
            may_open=_heard(known) & ~withheld(known, CODE, could),
            office=known.competent(pl.col("workplace_region")),
            side_a=side(
                "holder", "feed", "record_id", pl.lit("filed_date"), pl.col("filed_date"), pl.col("as_of")
            ),
            side_b=nothing(pl.lit(CENTRAL), "pes_registration", known),
            closing=pl.format("{}: a registration, record {}", "seeker_feed", "seeker"),
        ),
        ["record_id"],
    )


def _heard(known: Known) -> pl.Expr:
    """True where everybody who could hold the registration delivered tonight (readings.yaml: `offices`)."""
    keepers = known.keepers("pes_registration")
    if len(keepers) == 0:  # no office here could hold one: nothing follows from its absence
        return pl.lit(value=False)
    if known.law.readings.pes01.offices == "every":
        return pl.all_horizontal(known.was_heard(pl.lit(office), "pes_registration") for office in keepers)
    central = known.was_heard(pl.lit(CENTRAL), "pes_registration")
    local = []
    for region in ("workplace_region", "residence_region"):
        office = known.competent(pl.col(region))
        local.append(
            ~office.is_in(keepers).fill_null(value=False) | known.was_heard(office, "pes_registration")
        )
    return central & pl.all_horizontal(local)
