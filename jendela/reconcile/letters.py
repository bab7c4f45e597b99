"""LET-02 and LET-07: copies that are missing, letters that the office does not know.

Source: PP 35/2021 Pasal 37; Permenaker 2/2025 Pasal 9. A withdrawal that names the letter ends both: nothing
is owed of a termination that the employer took back. A letter that only the office has is no finding: the
worker may claim later, or never.
"""

from __future__ import annotations

import polars as pl

from jendela.law.reasons import without_office_copy
from jendela.reconcile.editions import replacement
from jendela.reconcile.finding import cases, nothing, reviewable, side, withheld
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of, near, same_firm

TAKEN_BACK = pl.format("the termination was withdrawn, record {}", "withdrawn_by")


def find(known: Known) -> pl.DataFrame:
    """The cases of both codes."""
    return pl.concat([missing_copies(known), unknown_to_office(known)])


def copies_of(letters: pl.DataFrame) -> pl.DataFrame:
    """Letters or reports as the answer to a question: their own columns under names that no record has."""
    return letters.select(
        "person_id",
        copy_record_id="record_id",
        copy_first_seq="first_seq",
        copy_office="office",
        copy_feed="feed",
        copy_firm="employer_id",
        copy_number="number",
        copy_date="effective_date",
    )


def missing_copies(known: Known) -> pl.DataFrame:
    """LET-02: an office has a report of a dismissal, and neither it nor BPJS has a copy of the letter.

    One case per report. None where no letter is owed to the office (resignation, end of contract,
    retirement, death), or where the workplace has no competent office.
    """
    code, readings = "LET-02", known.law.readings
    exempt = without_office_copy(known.law.reasons.values())
    reports = known.reports.filter(
        pl.col("reason_code").is_in(exempt).fill_null(value=False).not_()
        & known.competent(pl.col("workplace_region")).is_not_null()
    )
    reports = first_of(reports, ["fact_id", "office"])
    letters = known.letters.filter(pl.col("letter_type").is_in(readings.let02.letter_types))
    pairs = reports.join(copies_of(letters), on="person_id").filter(
        pl.col("copy_office").is_in([BPJS]) | (pl.col("copy_office") == pl.col("office"))
    )
    same = (pl.col("number") == pl.col("copy_number")) | near(
        "effective_date", "copy_date", readings.facts.spell_end_days
    ).fill_null(value=True)
    pairs = pairs.filter(
        (same & same_firm("employer_id", "copy_firm")) | (pl.col("record_id") == pl.col("copy_record_id"))
    )
    held = first_of(pairs, "record_id", prefix="copy_").select("record_id", "copy_feed", "copy_record_id")
    asked = reports.join(held, on="record_id", how="left")
    missing = pl.col("copy_record_id").is_null() & pl.col("withdrawn_by").is_null()
    could = reviewable(known, asked.filter(missing), letters)
    heard = known.was_heard(pl.col("office"), "termination_letter") & known.was_heard(
        pl.lit(BPJS), "termination_letter"
    )
    return cases(
        code,
        asked.with_columns(
            found=missing,
            may_open=heard & ~withheld(known, code, could),
            side_a=side(
                "office",
                "feed",
                "record_id",
                pl.lit("report_receipt_no"),
                pl.col("report_receipt_no"),
                pl.col("as_of"),
            ),
            side_b=nothing("office", "termination_letter", known),
            closing=pl.coalesce(
                pl.format("{}: a copy of the letter, record {}", "copy_feed", "copy_record_id"), TAKEN_BACK
            ),
        ),
        ["record_id"],
    )


def unknown_to_office(known: Known) -> pl.DataFrame:
    """LET-07: the letter that a claim rests on is unknown to the office competent for the workplace.

    One case per letter at BPJS with a claim. The office knows the letter when it holds a copy of it, or a
    report that names it.
    """
    code, readings = "LET-07", known.law.readings
    days = readings.facts.spell_end_days
    claims = known.claims.filter(pl.col("status").is_in(readings.let07.claim_status))
    letters = known.letters.filter(
        (pl.col("office") == BPJS) & pl.col("letter_type").is_in(readings.let07.letter_types)
    )
    claimed = letters.join(
        claims.select(
            "person_id",
            claim_id="record_id",
            claim_firm="employer_id",
            claim_number_of_letter="number",
            claim_date="termination_date",
            claim_region="workplace_region",
        ),
        on="person_id",
    ).filter(
        same_firm("employer_id", "claim_firm")
        & (
            (pl.col("number") == pl.col("claim_number_of_letter")).fill_null(value=False)
            | near("effective_date", "claim_date", days).fill_null(value=False)
        )
    )
    claimed = claimed.sort("claim_id").with_columns(
        holder="office", office=known.competent(pl.coalesce("workplace_region", "claim_region"))
    )
    asked = first_of(claimed.drop_nulls("office"), "fact_id")
    copies = copies_of(known.letters.filter(pl.col("office") != BPJS))
    reports = copies_of(known.reports)
    at_office = asked.join(
        pl.concat([copies.with_columns(copy=True), reports.with_columns(copy=False)]),
        left_on=["person_id", "office"],
        right_on=["person_id", "copy_office"],
    ).filter(same_firm("employer_id", "copy_firm"))
    named = (pl.col("number") == pl.col("copy_number")).fill_null(value=False)
    dated = pl.col("copy") & near("effective_date", "copy_date", days).fill_null(value=True)
    held = first_of(at_office.filter(named | dated), "record_id", prefix="copy_")
    asked = asked.join(held.select("record_id", "copy_feed", "copy_record_id"), on="record_id", how="left")
    missing = pl.col("copy_record_id").is_null() & pl.col("replaced_by").is_null()
    could = reviewable(known, asked.filter(missing), known.held_outside_bpjs("termination_letter"))
    heard = known.was_heard(pl.col("office"), "termination_letter", "termination_case")
    return cases(
        code,
        asked.with_columns(
            found=missing,
            may_open=heard & ~withheld(known, code, could),
            side_a=side(
                "holder",
                "feed",
                "record_id",
                pl.lit("letter_number"),
                pl.col("letter_number"),
                pl.col("as_of"),
            ),
            side_b=nothing("office", "termination_letter", known),
            closing=pl.coalesce(
                pl.format("{}: the office knows the letter, record {}", "copy_feed", "copy_record_id"),
                replacement(),
            ),
        ),
        ["record_id"],
    )
