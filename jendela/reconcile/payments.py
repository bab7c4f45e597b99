"""PAY-01 to PAY-04: one account for several persons, another's account, a wrong amount, a month too many.

PP 6/2025 Pasal 21, before it PP 37/2021, by the law of the day of the payment: a benefit that was running on
7 February 2025 follows the new law from that day (Permenaker 2/2025 Pasal II).
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, fields, measure, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.months import CASH, claim, payments, unpaid
from jendela.reconcile.relation import near, same_firm

PERCENT, CAP, MONTHS = "jkp.cash_percent", "jkp.wage_cap", "jkp.months"
OF_ACCOUNT = "account_reference"
RECORD = ("office", "feed", "record_id")
PAID_ON = pl.col("paid_date")


def find(known: Known) -> pl.DataFrame:
    """The cases of the four codes."""
    paid = payments(known, CASH)
    return pl.concat(
        [accounts(known, paid), holders(known, paid), amounts(known, paid), too_many(known, paid)]
    )


def accounts(known: Known, paid: pl.DataFrame) -> pl.DataFrame:
    """PAY-01: one case per account and claim beside the one first paid to it.

    Found: they are claims of two persons. A pair that a reviewer may still declare one waits.
    """
    told = paid.filter("paid").drop_nulls([OF_ACCOUNT, "claim_record"]).sort("first_seq", "record_id")
    claims = told.unique([OF_ACCOUNT, "claim_record"], keep="first", maintain_order=True)
    first = claims.unique(OF_ACCOUNT, keep="first", maintain_order=True)
    pairs = first.join(claims, on=OF_ACCOUNT, suffix="_b").filter(
        pl.col("claim_record") != pl.col("claim_record_b")
    )
    doubted = known.review.select("person_id", person_id_b="other_id").unique()
    pairs = pairs.join(
        doubted.with_columns(doubt=pl.lit(value=True)), on=["person_id", "person_id_b"], how="left"
    )
    waits = pl.col("doubt").fill_null(value=False) & pl.lit("PAY-01" in known.law.readings.withheld_by_review)
    return cases(
        "PAY-01",
        pairs.with_columns(
            found=pl.col("person_id") != pl.col("person_id_b"),
            may_open=~waits,
            office="competent",
            side_a=side(*RECORD, pl.lit(OF_ACCOUNT), pl.col(OF_ACCOUNT), pl.col("as_of")),
            side_b=side(
                "office_b", "feed_b", "record_id_b", pl.lit(OF_ACCOUNT), pl.col(OF_ACCOUNT), pl.col("as_of_b")
            ),
            closing=pl.lit("both claims are one person's"),
        ),
        ["record_id", "record_id_b"],
    )


def holders(known: Known, paid: pl.DataFrame) -> pl.DataFrame:
    """PAY-02: one case per payment whose holder is known. Found: the names are less alike than agreed.

    The hub has neither name any more: how alike they are was taken when the row was read.
    """
    least, told = known.law.readings.pay02.likeness_below, "holder_likeness"
    return cases(
        "PAY-02",
        paid.drop_nulls(told).with_columns(
            found=pl.col("paid") & (pl.col(told) < least),
            may_open=True,
            office="competent",
            side_a=side(*RECORD, pl.lit(told), pl.col(told), pl.col("as_of")),
            side_b=claim(),
            closing=pl.coalesce(unpaid(), pl.lit("the holder is the claimant")),
        ),
        ["record_id"],
    )


def amounts(known: Known, paid: pl.DataFrame) -> pl.DataFrame:
    """PAY-03: one case per payment of a month that the law of its day pays.

    Found: it is the percentage of no wage, capped, that BPJS has for the spell that the claim is about: same
    employer, ended about the day claimed.
    """
    law, days = known.law, known.law.readings.facts.spell_end_days
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "wage_reported"])
    told = spells.select(
        "person_id", "end_date", "wage_reported", spell_id="record_id", spell_firm="employer_id"
    )
    asked = paid.drop_nulls(["paid_date", "amount", "month_number", "termination_date"])
    pairs = asked.join(told, on="person_id").filter(
        same_firm("claimed_firm", "spell_firm") & near("termination_date", "end_date", days)
    )
    wage = pl.min_horizontal(pl.col("wage_reported").cast(pl.Int64), law.held(CAP, PAID_ON))
    percent = law.held(PERCENT, PAID_ON).list.get(pl.col("month_number") - 1, null_on_oob=True)
    right = (wage * percent / 100).round(0).cast(pl.Int64)
    apart = (pl.col("amount").cast(pl.Float64) - pl.col("right")).abs()
    judged = pairs.with_columns(right=right).drop_nulls("right").with_columns(apart=apart)
    nearest = judged.sort("apart", "spell_id").unique("record_id", keep="first", maintain_order=True)
    return cases(
        "PAY-03",
        nearest.with_columns(
            found=pl.col("paid") & (pl.col("apart") > law.readings.pay03.amount_tolerance),
            may_open=True,
            office="competent",
            regime=law.parameters.regime(PERCENT, PAID_ON),
            side_a=side(*RECORD, pl.lit("amount"), pl.col("amount"), pl.col("as_of")),
            side_b=measure(PERCENT, PAID_ON, "amount", pl.col("right"), known),
            closing=pl.coalesce(unpaid(), pl.lit("the amount is that of the law")),
        ),
        ["record_id"],
    )


def too_many(known: Known, paid: pl.DataFrame) -> pl.DataFrame:
    """PAY-04: one case per payment. Found: its month, or the months paid of the claim up to it, are more than
    the law of its day pays."""
    asked = paid.drop_nulls(["paid_date", "month_number"])
    counted = asked.filter("paid").with_columns(
        nth=pl.col("month").rank("dense").over("claim_record").cast(pl.Int64)
    )
    asked = asked.join(counted.select("record_id", "nth"), on="record_id", how="left")
    most = known.law.held(MONTHS, PAID_ON)
    order = pl.max_horizontal("month_number", "nth")
    names, values = fields(("month_number", "benefit_month"))
    return cases(
        "PAY-04",
        asked.with_columns(
            found=pl.col("paid") & (order > most),
            may_open=True,
            office="competent",
            regime=known.law.parameters.regime(MONTHS, PAID_ON),
            side_a=side(*RECORD, names, values, pl.col("as_of")),
            side_b=measure(MONTHS, PAID_ON, "month_number", most, known),
            closing=pl.coalesce(unpaid(), pl.lit("the month is one of those that the law pays")),
        ),
        ["record_id"],
    )
