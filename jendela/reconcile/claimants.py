"""CLM-02: claimed twice. CLM-03: claimed without an end. CLM-05: denied as resigned, reported as dismissed.
CLM-06: paid although the cause of the end excludes the benefit.

PP 37/2021 Pasal 20 (excluded causes); the decision stays with BPJS, the hub sets the facts beside each other.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.editions import stands
from jendela.reconcile.finding import cases, fields, nothing, reviewable, side, withheld
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.months import CASH, payments
from jendela.reconcile.relation import first_of, near, same_firm

RECORD = ("office", "feed", "record_id")
CLAIM = ("claim_number", "status", "termination_date")
ABOUT = {"its_record": "record_id", "its_office": "office", "its_feed": "feed", "its_as_of": "as_of"}
ITS = ("its_office", "its_feed", "its_record")


def find(known: Known) -> pl.DataFrame:
    """The cases of the four codes."""
    return pl.concat([twice(known), without_end(known), denied(known), excluded(known)])


def twice(known: Known) -> pl.DataFrame:
    """CLM-02: one case per claim after another of the same person about the same days.

    Found: both are filed, under review or approved. Two claims about two terminations are none.
    """
    alive = pl.col("status").is_in(known.law.readings.clm02.claim_status)
    told = first_of(known.claims.drop_nulls("termination_date"), "fact_id").with_columns(alive=alive)
    names = ("claim_number", "status", "filed_date")
    other = told.select(
        "person_id", *names, "termination_date", "alive", "record_id", "office", "feed", "as_of"
    )
    days = known.law.readings.facts.spell_end_days
    pairs = told.join(other, on="person_id", suffix="_b").filter(
        (pl.col("record_id") != pl.col("record_id_b"))
        & near("termination_date", "termination_date_b", days)
        & (
            (pl.col("filed_date_b") < pl.col("filed_date"))
            | (
                (pl.col("filed_date_b") == pl.col("filed_date"))
                & (pl.col("record_id_b") < pl.col("record_id"))
            )
        )
    )
    pairs = pairs.sort(["alive_b", "filed_date_b", "record_id_b"], descending=[True, False, False])
    first = pairs.unique("record_id", keep="first", maintain_order=True)
    return cases(
        "CLM-02",
        first.with_columns(
            found=pl.col("alive") & pl.col("alive_b"),
            may_open=True,
            office=known.competent(pl.col("workplace_region")),
            side_a=side(*RECORD, *fields(names), pl.col("as_of")),
            side_b=side("office_b", "feed_b", "record_id_b", *fields(names, suffix="_b"), pl.col("as_of_b")),
            closing=pl.when("alive").then(_now("status_b")).otherwise(_now("status")),
        ),
        ["record_id"],
    )


def without_end(known: Known) -> pl.DataFrame:
    """CLM-03: one case per claim with a date of the termination.

    Found: BPJS has no spell of the claimant that ended about that day, and no office has a report or letter
    of it.
    """
    days = known.law.readings.facts.spell_end_days
    claims = first_of(known.claims.drop_nulls("termination_date"), "fact_id")
    spells = known.held_by("employment", BPJS).drop_nulls("person_id")
    letters = known.letters.filter((pl.col("office") != BPJS) & stands())
    told = {"its_record": "record_id", "its_feed": "feed"}
    parts = [
        frame.select("person_id", "employer_id", rank=pl.lit(rank), its_date=date, **told)
        for rank, (frame, date) in enumerate(
            ((spells, "end_date"), (known.reports, "effective_date"), (letters, "effective_date"))
        )
    ]
    ends = pl.concat(parts).drop_nulls("its_date")
    pairs = claims.select("record_id", "person_id", "termination_date").join(
        ends.drop("employer_id"), on="person_id"
    )
    pairs = pairs.filter(near("termination_date", "its_date", days))
    found = pairs.sort("rank", "its_record").unique("record_id", keep="first", maintain_order=True)
    asked = claims.join(found.select("record_id", *told), on="record_id", how="left")
    stated = pl.col("status").is_in(known.law.readings.clm03.claim_status)
    missing = pl.col("its_record").is_null()
    office = known.competent(pl.col("workplace_region"))
    could = reviewable(known, asked.filter(missing), spells.drop_nulls("end_date"))
    heard = known.was_heard(pl.lit(BPJS), "employment") & (
        office.is_null() | known.was_heard(office, "termination_case", "termination_letter")
    )
    return cases(
        "CLM-03",
        asked.with_columns(
            found=stated & missing,
            may_open=heard & ~withheld(known, "CLM-03", could),
            office=office,
            side_a=side(*RECORD, *fields(CLAIM), pl.col("as_of")),
            side_b=nothing(pl.lit(BPJS), "end_date", known),
            closing=pl.when(missing)
            .then(_now("status"))
            .otherwise(pl.format("{}: an end about that day, record {}", "its_feed", "its_record")),
        ),
        ["record_id"],
    )


def denied(known: Known) -> pl.DataFrame:
    """CLM-05: one case per claim with a date. Found: rejected as a resignation, while an office has a report
    of a dismissal about that day that was not withdrawn."""
    readings = known.law.readings
    rejected = pl.col("status").is_in(readings.clm05.claim_status) & pl.col("rejection_reason").is_in(
        readings.clm05.rejection_reasons
    )
    claims = known.claims.drop_nulls("termination_date").with_columns(
        rejected=rejected.fill_null(value=False)
    )
    names = ("reason_code", "effective_date")
    reports = _dismissals(known, readings.clm05.dismissed).select(
        "person_id", *names, its_firm="employer_id", its_seq="first_seq", **ABOUT
    )
    pairs = claims.join(reports, on="person_id").filter(
        same_firm("employer_id", "its_firm")
        & near("termination_date", "effective_date", readings.facts.spell_end_days)
    )
    first = pairs.sort("its_seq", "its_record").unique("record_id", keep="first", maintain_order=True)
    asked = claims.join(first.select("record_id", *names, *ABOUT), on="record_id", how="left")
    return cases(
        "CLM-05",
        asked.with_columns(
            found=pl.col("rejected") & pl.col("its_record").is_not_null(),
            may_open=True,
            office=known.competent(pl.col("workplace_region")),
            side_a=side(*RECORD, *fields(("status", "rejection_reason")), pl.col("as_of")),
            side_b=side(*ITS, *fields(names), pl.col("its_as_of")),
            closing=pl.when("rejected")
            .then(pl.lit("no office has a report of a dismissal that stands"))
            .otherwise(_now("status")),
        ),
        ["record_id"],
    )


def excluded(known: Known) -> pl.DataFrame:
    """CLM-06: one case per claim that was paid. Found: BPJS has the spell as ended by a cause that excludes
    the benefit, and no office has a report of a dismissal."""
    readings = known.law.readings
    days = readings.facts.spell_end_days
    paid = payments(known, CASH).filter("paid").sort("paid_date", "record_id")
    first = paid.unique("claim_record", keep="first", maintain_order=True)
    shown = ("benefit_month", "paid_date")
    claims = known.claims.drop_nulls("termination_date").join(
        first.select(*shown, **ABOUT, record_id="claim_record"), on="record_id"
    )
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "end_date"])
    ends = spells.select("person_id", "end_date", "end_cause", spell="record_id", spell_firm="employer_id")
    pairs = claims.join(ends, on="person_id").filter(
        same_firm("employer_id", "spell_firm") & near("termination_date", "end_date", days)
    )
    # One spell that gives the right is enough: which of several is claimed for is not said.
    gives = ~pl.col("end_cause").is_in(readings.clm06.causes).fill_null(value=False)
    pairs = pairs.with_columns(gives=gives).sort(["gives", "spell"], descending=[True, False])
    ended = pairs.unique("record_id", keep="first", maintain_order=True)
    reports = _dismissals(known, readings.clm06.dismissed).select(
        "person_id", "effective_date", report_firm="employer_id"
    )
    told = ended.join(reports, on="person_id").filter(
        same_firm("employer_id", "report_firm") & near("termination_date", "effective_date", days)
    )
    dismissed = pl.col("record_id").is_in(told["record_id"].unique().implode())
    names, values = fields(("claim_number", "termination_date", "end_cause"))
    return cases(
        "CLM-06",
        ended.with_columns(
            found=~pl.col("gives") & ~dismissed,
            may_open=True,
            office=known.competent(pl.col("workplace_region")),
            side_a=side(*RECORD, names, values, pl.col("as_of")),
            side_b=side(*ITS, *fields(shown), pl.col("its_as_of")),
            closing=pl.when(dismissed)
            .then(pl.lit("an office has a report of a dismissal"))
            .otherwise(pl.format("the cause at BPJS is {} now", pl.col("end_cause").fill_null("-"))),
        ),
        ["record_id"],
    )


def _dismissals(known: Known, cause: str) -> pl.DataFrame:
    """The reports whose reason the cause may stand for (LET-05) and that nobody took back."""
    reasons = known.law.readings.let05.causes[cause]
    means = pl.col("reason_code").is_in(reasons).fill_null(value=False)
    return known.reports.filter(means & pl.col("withdrawn_by").is_null())


def _now(status: str) -> pl.Expr:
    return pl.format("the claim is {} now", pl.col(status).fill_null("UNKNOWN"))
