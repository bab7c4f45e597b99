"""TRN-01: a month paid after one with too little attendance. TRN-02: a training paid that nobody attended.

Permenaker 2/2025 Pasal 13: attendance below 80 % in month k makes the payment of month k + 1 wrong.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, fields, nothing, reviewable, side, withheld
from jendela.reconcile.known import Known
from jendela.reconcile.months import CASH, TRAINING, all_heard, month, payments, unpaid
from jendela.reconcile.relation import first_of

LEAST = "jkp.training_attendance_percent"
ATTENDANCE = "training_attendance"
RECORD = ("office", "feed", "record_id")
SHOWN = ("training_number", "attendance_month", "attendance_percent")
TOLD = {"report": "record_id", "told_by": "office", "told_in": "feed", "told": "as_of"}


def find(known: Known) -> pl.DataFrame:
    """The cases of both codes."""
    return pl.concat([absent(known, attended(known)), never(known)])


def attended(known: Known) -> pl.DataFrame:
    """The attendance of known persons by month, `paying` the month after it; of several trainings in a month
    the one attended best."""
    told = known.held_outside_bpjs(ATTENDANCE).drop_nulls("person_id")
    told = told.with_columns(paying=month("attendance_month") + 1).drop_nulls("paying")
    best = told.sort(["attendance_percent", "record_id"], descending=[True, False])
    return best.unique(["person_id", "paying"], keep="first", maintain_order=True)


def enough(known: Known, attendance: pl.DataFrame, paid: pl.DataFrame) -> pl.Series:
    """The `record_id` of the payments (`person_id, month, paid_date`) before which attendance was enough."""
    pairs = paid.select("record_id", "person_id", "month", "paid_date").join(
        attendance.select("person_id", "attendance_percent", month="paying"), on=["person_id", "month"]
    )
    least = known.law.held(LEAST, pl.col("paid_date"))
    return pairs.filter(pl.col("attendance_percent") >= least)["record_id"]


def absent(known: Known, attendance: pl.DataFrame) -> pl.DataFrame:
    """TRN-01: one case per payment of a month that follows a month of training.

    Found: the attendance is below what the law of the day of the payment asks for.
    """
    paid = payments(known, CASH).drop_nulls(["month", "paid_date"])
    told = attendance.select("person_id", *SHOWN, month="paying", **TOLD)
    day = pl.col("paid_date")
    names, values = fields(SHOWN)
    return cases(
        "TRN-01",
        paid.drop("training_number")
        .join(told, on=["person_id", "month"])
        .with_columns(
            found=pl.col("paid") & (pl.col("attendance_percent") < known.law.held(LEAST, day)),
            may_open=True,
            office="competent",
            regime=known.law.parameters.regime(LEAST, day),
            side_a=side(*RECORD, *fields(("benefit_month", "paid_date")), pl.col("as_of")),
            side_b=side("told_by", "told_in", "report", names, values, pl.col("told")),
            closing=pl.coalesce(unpaid(), pl.format("the attendance is {} percent", "attendance_percent")),
        ),
        ["record_id"],
    )


def never(known: Known) -> pl.DataFrame:
    """TRN-02: one case per payment for a training.

    Found: no month of it has any attendance; or, days after the payment, no month of it is told at all by
    those who keep attendance, and all of them were heard.
    """
    paid = payments(known, TRAINING).drop_nulls(["training_number", "paid_date"])
    told = known.held_outside_bpjs(ATTENDANCE).drop_nulls("training_number")
    came = told.group_by("training_number").agg(came=(pl.col("attendance_percent") > 0).any())
    first = first_of(told, "training_number").select("training_number", *SHOWN[1:], **TOLD)
    asked = paid.join(first, on="training_number", how="left").join(came, on="training_number", how="left")
    silent = pl.col("report").is_null()
    grace = known.law.readings.trn02.grace_days
    over = pl.col("paid_date").dt.offset_by(f"{grace}d") < known.day
    keepers = known.keepers(ATTENDANCE)
    heard = all_heard(known, keepers, ATTENDANCE)
    could = reviewable(known, asked.filter(silent), told.drop_nulls("person_id"))
    names, values = fields(SHOWN)
    return cases(
        "TRN-02",
        asked.with_columns(
            found=pl.col("paid") & pl.when(silent).then(over).otherwise(~pl.col("came")),
            may_open=~silent | (heard & ~withheld(known, "TRN-02", could)),
            office="competent",
            side_a=side(*RECORD, *fields(("training_number", "paid_date")), pl.col("as_of")),
            side_b=pl.when(silent)
            .then(nothing(pl.lit(keepers[0] if keepers else None), ATTENDANCE, known))
            .otherwise(side("told_by", "told_in", "report", names, values, pl.col("told"))),
            closing=pl.coalesce(unpaid(), pl.format("{}: somebody attended", "told_in")),
        ),
        ["record_id"],
    )
