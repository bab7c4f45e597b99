"""MON-01 to MON-04: a month of benefit paid without proof of the search for work, or proof that is none.

Permenaker 2/2025 Pasal 13: five applications or one call to a test or interview in the month, and for those
in training attendance. Proof of month k pays month k.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, fields, measure, nothing, reviewable, side, withheld
from jendela.reconcile.known import Known
from jendela.reconcile.months import CASH, all_heard, first_day, month, payments, unpaid
from jendela.reconcile.relation import first_of
from jendela.reconcile.training import attended, enough

APPLICATIONS, INTERVIEWS = "jkp.monthly_applications", "jkp.monthly_interviews"
REPORT = "pes_activity"
RECORD = ("office", "feed", "record_id")
COUNTED = ("activity_month", "applications", "interviews")
OF_MONTH = ["person_id", "month"]


def find(known: Known) -> pl.DataFrame:
    """The cases of the four codes."""
    reports = known.held_outside_bpjs(REPORT).drop_nulls("person_id")
    reports = reports.with_columns(month=month("activity_month"))
    paid = payments(known, CASH).drop_nulls(["month", "paid_date"])
    return pl.concat(
        [
            without_proof(known, paid, reports),
            reused(known, reports),
            of_another_month(known, reports),
            missed_meeting(known, paid, reports),
        ]
    )


def without_proof(known: Known, paid: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """MON-01: one case per payment of a month that needs proof, to somebody who is registered.

    Found: by tonight no report of that month has enough, and no training was attended enough in the month
    before. Who is registered nowhere is PES-01; of who is registered only with an office that keeps no
    reports here nothing is concluded.
    """
    law, day = known.law, pl.col("paid_date")
    asked = paid.filter(pl.col("month_number") >= law.readings.mon01.first_month)
    keepers = known.keepers(REPORT)
    registered = known.held_by("pes_registration", *keepers).select("person_id").unique()
    asked = asked.join(registered, on="person_id", how="semi")
    asked = asked.with_columns(need=law.held(APPLICATIONS, day), calls=law.held(INTERVIEWS, day))
    asked = asked.drop_nulls(["need", "calls"])
    told = reports.select(
        *OF_MONTH, *COUNTED, report="record_id", told_by="office", told_in="feed", told="as_of"
    )
    pairs = asked.select("record_id", *OF_MONTH, "need", "calls").join(told, on=OF_MONTH)
    ample = (pl.col("applications") >= pl.col("need")) | (pl.col("interviews") >= pl.col("calls"))
    best = pairs.with_columns(ample=ample.fill_null(value=False)).sort(
        ["ample", "report"], descending=[True, False]
    )
    best = best.unique("record_id", keep="first", maintain_order=True)
    shown = ("ample", "report", "told_by", "told_in", "told", *COUNTED)
    asked = asked.join(best.select("record_id", *shown), on="record_id", how="left")
    trained = enough(known, attended(known), asked)
    proven = pl.col("ample").fill_null(value=False) | pl.col("record_id").is_in(trained.implode())
    could = reviewable(known, asked.filter(~proven), reports)
    heard = all_heard(known, keepers, REPORT)
    names, values = fields(COUNTED)
    none = nothing(pl.lit(keepers[0] if keepers else None), REPORT, known)
    return cases(
        "MON-01",
        asked.with_columns(
            found=pl.col("paid") & ~proven,
            may_open=heard & ~withheld(known, "MON-01", could),
            office="competent",
            regime=law.parameters.regime(APPLICATIONS, day),
            side_a=_payment(),
            side_b=pl.when(pl.col("report").is_null())
            .then(none)
            .otherwise(side("told_by", "told_in", "report", names, values, pl.col("told"))),
            closing=pl.coalesce(
                unpaid(),
                pl.when("ample").then(
                    pl.format("{}: a report of that month, record {}", "told_in", "report")
                ),
                pl.lit("a training was attended in the month before"),
            ),
        ),
        ["record_id"],
    )


def reused(known: Known, reports: pl.DataFrame) -> pl.DataFrame:
    """MON-02: one case per report that hands in applications of an earlier month again.

    Found: without those it has too little. One that is named twice and not needed costs nobody anything.
    """
    law = known.law
    told = first_of(reports.drop_nulls(["application_numbers", "month"]), "fact_id")
    told = told.with_columns(day=first_day(pl.col("month")))
    each = told.select("record_id", *OF_MONTH, number=pl.col("application_numbers").str.split(" ")).explode(
        "number"
    )
    each = each.filter(pl.col("number") != "")
    before = each.join(each, on=["person_id", "number"], suffix="_b").filter(
        pl.col("month") > pl.col("month_b")
    )
    before = before.sort("month_b", "record_id_b").unique(
        ["record_id", "number"], keep="first", maintain_order=True
    )
    again = before.group_by("record_id").agg(pl.col("record_id_b").first(), again=pl.len())
    earlier = told.select(*RECORD, "as_of", "activity_month", "application_numbers")
    asked = told.join(again, on="record_id").join(
        earlier.rename({name: f"{name}_b" for name in earlier.columns}), on="record_id_b"
    )
    day = pl.col("day")
    fresh = pl.col("applications").fill_null(0) - pl.col("again")
    poor = (fresh < law.held(APPLICATIONS, day)) & (
        pl.col("interviews").fill_null(0) < law.held(INTERVIEWS, day)
    )
    names = ("activity_month", "application_numbers")
    return cases(
        "MON-02",
        asked.with_columns(
            found=poor,
            may_open=True,
            regime=law.parameters.regime(APPLICATIONS, day),
            side_a=side(*RECORD, *fields(names), pl.col("as_of")),
            side_b=side("office_b", "feed_b", "record_id_b", *fields(names, suffix="_b"), pl.col("as_of_b")),
            closing=pl.lit("the report has enough without the applications of an earlier month"),
        ).drop("office"),
        ["record_id"],
    )


def of_another_month(known: Known, reports: pl.DataFrame) -> pl.DataFrame:
    """MON-03: one case per report whose proof is dated. Found: a date lies outside the month reported on."""
    dates = ("proof_from_date", "proof_to_date")
    first, after = first_day(pl.col("month")), first_day(pl.col("month") + 1)
    asked = reports.drop_nulls("month").filter(
        pl.any_horizontal(pl.col(name).is_not_null() for name in dates)
    )
    outside = pl.any_horizontal(
        ((pl.col(name) < first) | (pl.col(name) >= after)).fill_null(value=False) for name in dates
    )
    names, values = fields(("activity_month", *dates))
    return cases(
        "MON-03",
        asked.with_columns(
            found=outside,
            may_open=True,
            regime=known.law.parameters.regime(APPLICATIONS, first),
            side_a=side(*RECORD, names, values, pl.col("as_of")),
            side_b=measure(APPLICATIONS, first, "activity_month", pl.col("activity_month"), known),
            closing=pl.lit("the proof is of the month"),
        ).drop("office"),
        ["record_id"],
    )


def missed_meeting(known: Known, paid: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """MON-04: one case per payment of a month whose report tells of a meeting.

    Found: it was missed without a reason, by every report of that month that tells.
    """
    told = reports.drop_nulls(["meeting", "month"]).with_columns(
        missed=pl.col("meeting").is_in(known.law.readings.mon04.meetings)
    )
    told = told.with_columns(missed=pl.col("missed").all().over(OF_MONTH))
    told = first_of(told, OF_MONTH).select(
        *OF_MONTH,
        "missed",
        "meeting_date",
        "meeting",
        report="record_id",
        told_by="office",
        told_in="feed",
        told="as_of",
    )
    names, values = fields(("meeting_date", "meeting"))
    return cases(
        "MON-04",
        paid.join(told, on=OF_MONTH).with_columns(
            found=pl.col("paid") & pl.col("missed"),
            may_open=True,
            office="competent",
            side_a=_payment(),
            side_b=side("told_by", "told_in", "report", names, values, pl.col("told")),
            closing=pl.coalesce(unpaid(), pl.format("the meeting: {}", "meeting")),
        ),
        ["record_id"],
    )


def _payment() -> pl.Expr:
    names, values = fields(("benefit_month", "paid_date"))
    return side(*RECORD, names, values, pl.col("as_of"))
