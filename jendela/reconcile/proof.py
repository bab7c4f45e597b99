"""PHK-05 and PHK-06: what happened after the letter does not carry the termination (rules L-04 and L-05).

PHK-05: a worker who rejected it was not dismissed by a settlement or a final decision, or earlier than that
(MK 168/PUU-XXI/2023; PP 35/2021 Pasal 39). PHK-06: proof of the kind E1 lacks the worker's acknowledgement or
the office's receipt (Permenaker 2/2025 Pasal 9(3)).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from jendela.reconcile.editions import stands
from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import Known
from jendela.reconcile.lawful import broken
from jendela.reconcile.letters import TAKEN_BACK
from jendela.reconcile.relation import first_of, near, same_firm

GRAVE = ("L-04.evidence", "L-04.date")
REJECTED = (*GRAVE, "L-04.undated", "L-04.late")
INCOMPLETE = ("L-05.acknowledged", "L-05.receipt", "L-05.order")


def find(known: Known) -> pl.DataFrame:
    """One case of each code per report at an office."""
    asked = _with_letter(first_of(known.reports, ["fact_id", "office"]), known)
    # The receipt is of the first letter: a correction that comes after it does not make it too early.
    first = asked.with_columns(letter_date="first_letter")
    grave = pl.col("checks").list.eval(pl.element().is_in(GRAVE)).list.any()
    found = broken(asked, known, *REJECTED).with_columns(
        severity=pl.when(grave).then(pl.lit("high")).otherwise(pl.lit("warn"))
    )
    rejected = asked.join(found, on="record_id", how="left")
    incomplete = first.join(broken(first, known, *INCOMPLETE), on="record_id", how="left")
    return pl.concat(
        [
            _cases(
                "PHK-05",
                rejected,
                ("worker_response", "worker_response_date", "evidence_kind", "pb_date"),
                ("effective_date", "notice_delivered_date"),
                known,
            ),
            _cases(
                "PHK-06",
                incomplete,
                ("evidence_kind", "worker_response", "report_receipt_no", "report_receipt_date"),
                ("letter_date",),
                known,
            ),
        ]
    )


def _with_letter(reports: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The reports with the letter that stands: its dates, else the effective date that the report says.

    `first_letter` is the date of the earliest letter of the termination, replaced since or not.
    """
    types = known.law.readings.let07.letter_types
    letters = known.documents.filter(pl.col("letter_type").is_in(types)).select(
        "person_id",
        "letter_date",
        "notice_delivered_date",
        standing=stands(),
        its_record="record_id",
        its_office="office",
        its_feed="feed",
        its_firm="employer_id",
        its_number="number",
        its_as_of="as_of",
        its_seq="first_seq",
        its_date="effective_date",
    )
    pairs = reports.select("record_id", "person_id", "employer_id", "number", "effective_date").join(
        letters, on="person_id"
    )
    named = (pl.col("number") == pl.col("its_number")).fill_null(value=False)
    days = known.law.readings.facts.spell_end_days
    dated = near("effective_date", "its_date", days).fill_null(value=False)
    pairs = pairs.filter(same_firm("employer_id", "its_firm") & (named | dated))
    earliest = pairs.group_by("record_id").agg(first_letter=pl.col("letter_date").min())
    best = pairs.filter("standing").sort(
        [named, pl.col("its_seq"), pl.col("its_record")], descending=[True, False, False]
    )
    best = best.unique("record_id", keep="first", maintain_order=True)
    told = best.drop("person_id", "employer_id", "number", "effective_date")
    joined = reports.rename({"effective_date": "reported"}).join(told, on="record_id", how="left")
    joined = joined.join(earliest, on="record_id", how="left")
    return joined.with_columns(effective_date=pl.coalesce("its_date", "reported"))


def _cases(
    code: str, asked: pl.DataFrame, told: Sequence[str], of_letter: Sequence[str], known: Known
) -> pl.DataFrame:
    names, values = fields(told)
    letter_names, letter_values = fields(of_letter)
    return cases(
        code,
        asked.with_columns(
            found=pl.col("checks").is_not_null() & pl.col("withdrawn_by").is_null(),
            may_open=True,
            office=pl.coalesce(known.competent(pl.col("workplace_region")), "office"),
            side_a=side("office", "feed", "record_id", names, values, pl.col("as_of")),
            side_b=side(
                "its_office", "its_feed", "its_record", letter_names, letter_values, pl.col("its_as_of")
            ),
            closing=pl.coalesce(TAKEN_BACK, pl.lit("the case carries the termination")),
        ),
        ["record_id"],
    )
