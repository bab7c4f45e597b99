"""PHK-03 and PHK-04: the report to the office, or the end told to BPJS, came too late.

PP 35/2021 Pasal 38; Permenaker 2/2025 Pasal 9(1), before it Permenaker 15/2021. Joint leave never decides
alone.
"""

from __future__ import annotations

import polars as pl

from jendela.law.reasons import without_office_copy
from jendela.reconcile.editions import stands
from jendela.reconcile.finding import cases, measure, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.lawful import broken
from jendela.reconcile.letters import TAKEN_BACK
from jendela.reconcile.relation import first_of, near, same_firm

REPORT, DEACTIVATION = "report.working_days", "deactivation.working_days"


def find(known: Known) -> pl.DataFrame:
    """The cases of both codes."""
    return pl.concat([reports(known), deactivations(known)])


def reports(known: Known) -> pl.DataFrame:
    """PHK-03: the office received the report after the last working day for it.

    One case per report of a dismissal; of several about one, the earliest counts.
    """
    exempt = without_office_copy(known.law.reasons.values())
    told = known.reports.filter(pl.col("reason_code").is_in(exempt).fill_null(value=False).not_())
    received = pl.coalesce("report_received_date", "report_receipt_date")
    told = told.with_columns(received=received.min().over("fact_id"))
    asked = first_of(told, "fact_id").drop_nulls(["effective_date", "received"])
    ended, field = pl.col("effective_date"), "report_received_date"
    latest = known.law.calendar.after(ended, known.law.held(REPORT, ended))
    return cases(
        "PHK-03",
        asked.with_columns(
            found=(pl.col("received") > latest) & pl.col("withdrawn_by").is_null(),
            may_open=True,
            regime=known.law.parameters.regime(REPORT, ended),
            office=pl.coalesce(known.competent(pl.col("workplace_region")), "office"),
            side_a=side("office", "feed", "record_id", pl.lit(field), pl.col("received"), pl.col("as_of")),
            side_b=measure(REPORT, ended, field, latest, known),
            closing=pl.coalesce(TAKEN_BACK, pl.lit("the report came in time")),
        ),
        ["record_id"],
    )


def deactivations(known: Known) -> pl.DataFrame:
    """PHK-04: the employer told BPJS of the end after the last working day for it (rule L-16).

    One case per spell that ended by dismissal. The effective date is that of the letter that stands, else
    that of the report, else the one that BPJS has.
    """
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "end_date", "deactivated_date"])
    spells = spells.filter(pl.col("end_cause").is_in(known.law.readings.phk02.causes))
    spells = spells.join(_dates(spells, known), on="record_id", how="left").with_columns(
        effective_date=pl.coalesce("its_date", "end_date")
    )
    late = broken(spells.with_columns(sipp_deactivated_date="deactivated_date"), known, "L-16")
    asked = spells.join(late, on="record_id", how="left")
    ended, field = pl.col("effective_date"), "deactivated_date"
    latest = known.law.calendar.after(ended, known.law.held(DEACTIVATION, ended))
    return cases(
        "PHK-04",
        asked.with_columns(
            found=pl.col("checks").is_not_null(),
            may_open=True,
            regime=known.law.parameters.regime(DEACTIVATION, ended),
            office=known.competent(pl.col("workplace_region")),
            side_a=side("office", "feed", "record_id", pl.lit(field), pl.col(field), pl.col("as_of")),
            side_b=measure(DEACTIVATION, ended, field, latest, known),
            closing=pl.lit("BPJS was told in time"),
        ),
        ["record_id"],
    )


def _dates(spells: pl.DataFrame, known: Known) -> pl.DataFrame:
    """`record_id, its_date`: when the employment of a spell ended by the letter, else by the report."""
    readings = known.law.readings
    letters = known.documents.filter(stands() & pl.col("letter_type").is_in(readings.let07.letter_types))
    told = pl.concat(
        records.select(
            "person_id",
            rank=pl.lit(rank),
            its_firm="employer_id",
            its_date="effective_date",
            its_seq="first_seq",
            its_record="record_id",
        )
        for rank, records in enumerate((letters, known.reports))
    )
    pairs = spells.select("record_id", "person_id", "employer_id", "end_date").join(told, on="person_id")
    pairs = pairs.filter(
        same_firm("employer_id", "its_firm") & near("end_date", "its_date", readings.facts.spell_end_days)
    )
    first = pairs.sort("rank", "its_seq", "its_record")
    return first.unique("record_id", keep="first", maintain_order=True).select("record_id", "its_date")
