"""PHK-02: BPJS was told of a dismissal, the labour office was not (PP 35/2021 Pasal 38)."""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, nothing, reviewable, side, withheld
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of, near, same_firm

CODE = "PHK-02"
DUTY = "report.working_days"


def find(known: Known) -> pl.DataFrame:
    """One case per spell that ended at BPJS by dismissal, where the workplace has a competent office.

    Found: no office has a report of it, from the working day after the last one on which it is on time.
    """
    readings = known.law.readings
    ended = known.held_by("employment", BPJS).filter(
        pl.col("end_cause").is_in(readings.phk02.causes)
        & pl.col("end_date").is_not_null()
        & pl.col("person_id").is_not_null()
    )
    ended = ended.with_columns(
        office=known.competent(pl.col("workplace_region")),
        spell_office="office",
        regime=known.law.parameters.regime(DUTY, pl.col("end_date")),
        opens=_opens(known),
    ).drop_nulls(["office", "regime"])
    reports = known.held_outside_bpjs("termination_case").drop_nulls("person_id")
    heard_of = first_of(_about(ended, reports, readings.facts.spell_end_days), "record_id", prefix="report_")
    asked = ended.join(
        heard_of.select("record_id", "report_record_id", "report_feed"), on="record_id", how="left"
    )
    missing, late = pl.col("report_record_id").is_null(), pl.col("opens") <= known.day
    could = reviewable(known, asked.filter(missing & late), reports)
    heard = known.was_heard(pl.col("office"), "termination_case")
    value = pl.concat_str("end_cause", pl.col("end_date").cast(pl.String), separator=" ")
    return cases(
        CODE,
        asked.with_columns(
            found=missing & late,
            may_open=heard & ~withheld(known, CODE, could),
            side_a=side("spell_office", "feed", "record_id", pl.lit("end_cause"), value, pl.col("as_of")),
            side_b=nothing("office", "termination_case", known),
            closing=pl.when(missing)
            .then(pl.lit("the report is not late yet"))
            .otherwise(pl.format("{}: a report, record {}", "report_feed", "report_record_id")),
        ),
        ["record_id"],
    )


def _opens(known: Known) -> pl.Expr:
    """The first local day on which the report is missing: the working day after the last day for it."""
    ended = pl.col("end_date")
    return known.law.calendar.after(ended, known.law.held(DUTY, ended) + 1)


def _about(ended: pl.DataFrame, reports: pl.DataFrame, days: int) -> pl.DataFrame:
    """Pairs of a spell's end and a report of it; a report without a date is of any end with that employer."""
    told = reports.select(
        "person_id",
        report_record_id="record_id",
        report_first_seq="first_seq",
        report_feed="feed",
        report_firm="employer_id",
        reported="effective_date",
    )
    pairs = ended.join(told, on="person_id")
    return pairs.filter(
        same_firm("employer_id", "report_firm") & near("end_date", "reported", days).fill_null(value=True)
    )
