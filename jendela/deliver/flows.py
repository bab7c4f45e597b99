"""What is told of flows whose records name nobody: contributions, payments, referrals, notices and so on."""

from __future__ import annotations

import polars as pl

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver.known import Known
from jendela.deliver.links import latest_by_fact, with_job_seeker, with_wlkp_code, with_workplace

# Of several records of one fact, that with the latest of this date speaks.
LATEST = {
    "pes_activity": "recorded_date",
    "contribution": "posted_date",
    "benefit_payment": "paid_date",
    "referral": "outcome_date",
    "training_attendance": "recorded_date",
    "disqualification_notice": "action_date",
    "settlement_agreement": "registration_date",
}


def referring(spec: DeliverySpec, known: Known) -> pl.DataFrame:
    """The items of an entity that others hold, under the record that says who it is (`_person`).

    Items about nobody known are not told. An office of the employment service is told of its own job-seekers.
    """
    others = with_referred(known.held_by_others(spec.entity, spec.office), known, spec.entity)
    items = latest_by_fact(others, LATEST[spec.entity])
    if spec.scope == "arrears":
        items = items.filter(pl.col("paid_date").is_null())
    if spec.scope == "placed":
        items = items.filter(pl.col("outcome") == "HIRED")
    if spec.entity == "contribution":
        items = _with_employer(items, known)
    if spec.scope.startswith("job_seekers"):
        items = with_job_seeker(items, known, spec.office).filter(
            pl.col("pes_registration_no").is_not_null() | pl.col("pes_ak1_number").is_not_null()
        )
    return items


def with_referred(copies: pl.DataFrame, known: Known, entity: str) -> pl.DataFrame:
    """The copies with a known person, and `_person`: the first record referred to that is there."""
    there = pl.concat(frame["record_id"] for frame in known.copies.values()).unique().implode()
    referred = [pl.when(pl.col(field).is_in(there)).then(pl.col(field)) for field in known.references[entity]]
    found = copies.with_columns(pl.coalesce(referred).alias("_person"))
    return found.filter(pl.col("_person").is_not_null() & pl.col("person_id").is_not_null())


def _with_employer(items: pl.DataFrame, known: Known) -> pl.DataFrame:
    """With the name and WLKP code of the employer, and the region of the workplace."""
    names = known.employers.select("employer_id", "employer_name")
    named = items.with_columns(pl.lit(None, pl.String).alias("workplace_region"))
    return with_wlkp_code(with_workplace(named, known), known).join(names, on="employer_id", how="left")
