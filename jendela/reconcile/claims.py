"""CLM-01: a claim filed too late. CLM-04: one rejected for missing proof while an office held it.

Source: PP 6/2025 Pasal 40, before it PP 37/2021 (rule L-15); Permenaker 2/2025 Pasal 9.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import WITHDRAWAL, stands
from jendela.reconcile.finding import cases, measure, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.lawful import broken
from jendela.reconcile.relation import near, same_firm

CODE = "CLM-04"
MONTHS = "jkp.claim_months"


def find(known: Known) -> pl.DataFrame:
    """The cases of both codes."""
    return pl.concat([late(known), rejected_for_proof(known)])


def late(known: Known) -> pl.DataFrame:
    """CLM-01: filed later than so many months after the termination, by the law of its date.

    One case per claim that is filed, under review or approved. The date is the claim's own, else that of the
    letter that it names.
    """
    claims = known.claims
    named = known.documents.filter(stands()).sort("anchor").unique(["person_id", "number"], keep="first")
    claims = claims.join(
        named.select("person_id", "number", of_letter="effective_date"),
        on=["person_id", "number"],
        how="left",
    ).with_columns(effective_date=pl.coalesce("termination_date", "of_letter"))
    claims = claims.drop_nulls("effective_date")
    asked = claims.join(
        broken(claims.with_columns(claim_filed_date="filed_date"), known, "L-15"), on="record_id", how="left"
    )
    ended = pl.col("effective_date")
    latest = ended.dt.offset_by(pl.format("{}mo", known.law.held(MONTHS, ended)))
    stated = pl.col("status").is_in(known.law.readings.clm01.claim_status)
    filed = pl.lit("filed_date")
    return cases(
        "CLM-01",
        asked.with_columns(
            found=pl.col("checks").is_not_null() & stated,
            may_open=True,
            regime=known.law.parameters.regime(MONTHS, ended),
            side_a=side("office", "feed", "record_id", filed, pl.col("filed_date"), pl.col("as_of")),
            side_b=measure(MONTHS, ended, "filed_date", latest, known),
            closing=pl.when(stated)
            .then(pl.lit("the claim was filed in time"))
            .otherwise(pl.format("the claim is {} now", pl.col("status").fill_null("UNKNOWN"))),
            office=known.competent(pl.col("workplace_region")),
        ),
        ["record_id"],
    )


def rejected_for_proof(known: Known) -> pl.DataFrame:
    """CLM-04: one case per claim whose workplace has a competent office.

    Found: rejected for missing proof, and on the day of the decision an office held the report or the letter.
    A letter that was withdrawn is no proof.
    """
    readings = known.law.readings.clm04
    claims = known.claims.with_columns(holder="office", office=known.competent(pl.col("workplace_region")))
    claims = claims.drop_nulls("office")
    rejected = (
        pl.col("status").is_in(readings.claim_status)
        & pl.col("rejection_reason").is_in(readings.rejection_reasons)
    ).fill_null(value=False)
    proof = _proof_in_time(known, claims.filter(rejected))
    asked = claims.join(proof, on="record_id", how="left")
    decided = pl.concat_str("rejection_reason", pl.col("decision_date").cast(pl.String), separator=" ")
    return cases(
        CODE,
        asked.with_columns(
            found=pl.col("proof_id").is_not_null(),
            may_open=True,
            side_a=side("holder", "feed", "record_id", pl.lit("rejection_reason"), decided, pl.col("as_of")),
            side_b=side(
                "proof_office",
                "proof_feed",
                "proof_id",
                pl.col("proof_field"),
                pl.col("proof_since"),
                pl.col("proof_as_of"),
            ),
            closing=pl.when(rejected)
            .then(pl.lit("no office held the proof on the day of the decision"))
            .otherwise(pl.format("the claim is {} now", pl.col("status").fill_null("UNKNOWN"))),
        ),
        ["record_id"],
    )


def _proof_in_time(known: Known, rejected: pl.DataFrame) -> pl.DataFrame:
    """By rejected claim, the proof an office held on the day of the decision: a report before a letter."""
    proof = pl.concat([_reports(known), _letters(known)]).drop_nulls("proof_since")
    pairs = rejected.join(proof, on="person_id")
    named = (pl.col("number") == pl.col("proof_number")).fill_null(value=False)
    days = known.law.readings.facts.spell_end_days
    dated = near("termination_date", "proof_date", days).fill_null(value=False)
    about = same_firm("employer_id", "proof_firm") & (named | dated)
    held = pairs.filter(about & (pl.col("proof_since") <= pl.col("decision_date")))
    best = held.sort("proof_field", "proof_since", "proof_id", descending=[True, False, False])
    best = best.unique("record_id", keep="first", maintain_order=True)
    names = ("proof_id", "proof_office", "proof_feed", "proof_field", "proof_since", "proof_as_of")
    return best.select("record_id", *names)


def _reports(known: Known) -> pl.DataFrame:
    reports = known.reports
    received = pl.coalesce("report_received_date", "report_receipt_date")
    return _proof(reports, "report_received_date", received)


def _letters(known: Known) -> pl.DataFrame:
    kept = ~pl.col("replaced_how").eq_missing(WITHDRAWAL) & (pl.col("office") != BPJS)
    letters = known.letters.filter(kept & pl.col("letter_type").is_in(known.law.readings.clm04.letter_types))
    return _proof(letters, "held_since", pl.col("held_since"))


def _proof(records: pl.DataFrame, field: str, since: pl.Expr) -> pl.DataFrame:
    return records.select(
        "person_id",
        proof_id="record_id",
        proof_office="office",
        proof_feed="feed",
        proof_firm="employer_id",
        proof_number="number",
        proof_date="effective_date",
        proof_field=pl.lit(field),
        proof_since=since,
        proof_as_of="as_of",
    )
