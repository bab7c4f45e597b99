"""PLC-01: paid while at work again. DSQ-01: a notice not acted upon. DSQ-02: stopped without a notice.

PP 37/2021 Pasal 40 as amended (who has found work loses the right); the employment service tells BPJS of what
ends it, BPJS acts.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, fields, nothing, reviewable, side, withheld
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.months import CASH, all_heard, first_day, month_of, payments, unpaid

NOTICE = "disqualification_notice"
RECORD = ("office", "feed", "record_id")
PAYMENT = ("benefit_month", "paid_date")
TOLD = {"its_office": "office", "its_feed": "feed", "its_record": "record_id", "its_as_of": "as_of"}


def find(known: Known) -> pl.DataFrame:
    """The cases of the three codes."""
    return pl.concat([hired(known), ignored(known), stopped_alone(known)])


def hired(known: Known) -> pl.DataFrame:
    """PLC-01: one case per payment to somebody with a spell at BPJS that began after the termination.

    Found: it began before the month that is paid, and did not end before it. The month in which the work
    began is still paid.
    """
    paid = payments(known, CASH).drop_nulls(["month", "termination_date"])
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "start_date"])
    told = spells.select("person_id", "start_date", "end_date", **TOLD, its_firm="employer_id")
    pairs = paid.join(told, on="person_id").filter(pl.col("start_date") > pl.col("termination_date"))
    ended = (pl.col("end_date") < first_day(pl.col("month"))).fill_null(value=False)
    at_work = (month_of("start_date") < pl.col("month")) & ~ended
    pairs = pairs.with_columns(at_work=at_work).sort(
        ["at_work", "start_date", "its_record"], descending=[True, False, False]
    )
    names, values = fields(("start_date", "end_date"))
    return cases(
        "PLC-01",
        pairs.unique("record_id", keep="first", maintain_order=True).with_columns(
            found=pl.col("paid") & pl.col("at_work"),
            may_open=True,
            office="competent",
            employer_id="its_firm",
            side_a=side(*RECORD, *fields(PAYMENT), pl.col("as_of")),
            side_b=side("its_office", "its_feed", "its_record", names, values, pl.col("its_as_of")),
            closing=pl.coalesce(unpaid(), pl.lit("no spell runs before and in the month paid")),
        ),
        ["record_id"],
    )


def ignored(known: Known) -> pl.DataFrame:
    """DSQ-01: one case per notice of the employment service after which a month was paid.

    Found: BPJS did not act by the day of the next payment, and has not decided since that the beneficiary
    keeps the right.
    """
    readings = known.law.readings.dsq01
    notices = known.held_outside_bpjs(NOTICE).drop_nulls(["person_id", "sent_date"])
    paid = payments(known, CASH).filter("paid").drop_nulls("paid_date")
    told = paid.select(
        "person_id", "benefit_month", "paid_date", "competent", its_claim="claim_record", **TOLD
    )
    pairs = notices.join(told, on="person_id").filter(
        (pl.col("paid_date") > pl.col("sent_date"))
        & (pl.col("claim_record") == pl.col("its_claim")).fill_null(value=True)
    )
    following = pairs.sort("paid_date", "its_record").unique("record_id", keep="first", maintain_order=True)
    answers = known.held_by(NOTICE, BPJS).drop_nulls(["person_id", "notice_number", "action"])
    answers = answers.filter(pl.col("action").is_in(readings.actions)).sort("action_date", "record_id")
    acted = answers.group_by("person_id", "notice_number", maintain_order=True).agg(
        acted=pl.col("action_date").min(), upheld=pl.col("action").is_in(readings.upheld).any()
    )
    asked = following.join(acted, on=["person_id", "notice_number"], how="left", suffix="_a")
    late = (pl.col("acted") > pl.col("paid_date")).fill_null(value=True)
    names, values = fields(("reason", "sent_date"))
    return cases(
        "DSQ-01",
        asked.with_columns(
            found=late & ~pl.col("upheld").fill_null(value=False),
            may_open=known.was_heard(pl.lit(BPJS), NOTICE, "benefit_payment"),
            office="competent",
            side_a=side(*RECORD, names, values, pl.col("as_of")),
            side_b=side("its_office", "its_feed", "its_record", *fields(PAYMENT), pl.col("its_as_of")),
            closing=pl.when("upheld")
            .then(pl.lit("BPJS decided that the right continues"))
            .otherwise(pl.format("BPJS acted on {}", "acted")),
        ),
        ["record_id"],
    )


def stopped_alone(known: Known) -> pl.DataFrame:
    """DSQ-02: one case per benefit that BPJS stopped for a reason only the employment service can know.

    Found: it names no notice that anybody has, and no notice about that person for that reason was sent by
    the day of the stop.
    """
    readings = known.law.readings.dsq02
    stops = (
        known.held_by(NOTICE, BPJS).drop_nulls("person_id").filter(pl.col("reason").is_in(readings.reasons))
    )
    notices = known.held_outside_bpjs(NOTICE).drop_nulls("person_id")
    numbered = notices.drop_nulls("notice_number")
    named = numbered.select(
        "person_id", "notice_number", notice="record_id", notice_feed="feed", sent="sent_date"
    )
    alike = notices.select("person_id", "reason", notice="record_id", notice_feed="feed", sent="sent_date")
    pairs = pl.concat(
        [
            stops.select("record_id", *named.columns[:2]).join(named, on=["person_id", "notice_number"]),
            stops.select("record_id", "person_id", "reason", "action_date")
            .join(alike, on=["person_id", "reason"])
            .filter((pl.col("sent") <= pl.col("action_date")).fill_null(value=True)),
        ],
        how="diagonal_relaxed",
    )
    answer = pairs.sort("sent", "notice").unique("record_id", keep="first", maintain_order=True)
    asked = stops.join(answer.select("record_id", "notice", "notice_feed"), on="record_id", how="left")
    stands, missing = pl.col("action").is_in(readings.actions), pl.col("notice").is_null()
    could = reviewable(known, asked.filter(missing), notices)
    keepers = [name for name in known.keepers(NOTICE) if name != BPJS]
    heard = all_heard(known, keepers, NOTICE)
    names, values = fields(("reason", "action", "action_date"))
    return cases(
        "DSQ-02",
        asked.with_columns(
            found=(stands & missing).fill_null(value=False),
            may_open=heard & ~withheld(known, "DSQ-02", could),
            side_a=side(*RECORD, names, values, pl.col("as_of")),
            side_b=nothing(pl.lit(keepers[0] if keepers else None), NOTICE, known),
            closing=pl.when(missing)
            .then(pl.format("the action is {} now", "action"))
            .otherwise(pl.format("{}: a notice, record {}", "notice_feed", "notice")),
        ).drop("office"),
        ["record_id"],
    )
