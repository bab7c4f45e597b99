"""Months as numbers, and the payments of the benefit by month."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jendela.reconcile.finding import side
from jendela.reconcile.known import BPJS, Known

CASH, TRAINING = "CASH", "TRAINING"


def month(name: str) -> pl.Expr:
    """The number of a month written `YYYY-MM`, counted from the year zero; null for anything else."""
    parts = pl.col(name).str.extract_groups(r"^(\d{4})-(\d{2})$")
    year, of_year = (parts.struct[place].cast(pl.Int64, strict=False) for place in range(2))
    return year * 12 + of_year


def month_of(name: str) -> pl.Expr:
    """The number of the month of a date."""
    return pl.col(name).dt.year().cast(pl.Int64) * 12 + pl.col(name).dt.month()


def first_day(number: pl.Expr) -> pl.Expr:
    """The first day of the month with this number."""
    return pl.date((number - 1) // 12, (number - 1) % 12 + 1, 1)


def payments(known: Known, kind: str) -> pl.DataFrame:
    """The payments of one kind to known persons at BPJS, with what their claim says.

    Added: `month` (of the benefit, a number), `paid` (see readings.yaml: `payments`), `competent` (office);
    of the claim `claim_feed, claim_as_of, claimed_firm, termination_date, workplace_region`.
    """
    told = known.held_by("benefit_payment", BPJS).drop_nulls("person_id")
    claims = known.claims.select(
        "termination_date",
        "workplace_region",
        claim_record="record_id",
        claim_feed="feed",
        claim_as_of="as_of",
        claimed_firm="employer_id",
    )
    return (
        told.filter(pl.col("kind") == kind)
        .join(claims, on="claim_record", how="left")
        .with_columns(
            month=month("benefit_month"),
            paid=pl.col("state").is_in(known.law.readings.payments.states),
            competent=known.competent(pl.col("workplace_region")),
        )
    )


def unpaid() -> pl.Expr:
    """In words, for the closing evidence, what became of a payment; null while it stands."""
    return pl.when(~pl.col("paid")).then(pl.format("the payment is {} now", "state"))


def claim() -> pl.Expr:
    """The side of the claim that a payment of `payments` is of."""
    number = pl.col("claim_number")
    return side(
        pl.lit(BPJS), "claim_feed", "claim_record", pl.lit("claim_number"), number, pl.col("claim_as_of")
    )


def all_heard(known: Known, keepers: Sequence[str], entity: str) -> pl.Expr:
    """True where there are offices that keep an entity and all of them delivered tonight."""
    return pl.all_horizontal(
        pl.lit(len(keepers) > 0), *(known.was_heard(pl.lit(office), entity) for office in keepers)
    )
