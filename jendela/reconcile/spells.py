"""WRK-03: one employment, two starts. WRK-04: two employments at once. PES-02: seeking work while at work.

The employment service helps those without work (PP 37/2021); contributions are counted from the start that
BPJS has.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, fields, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of

RECORD = ("office", "feed", "record_id")
SPELL = {"spell": "record_id", "spell_feed": "feed", "spell_office": "office", "spell_as_of": "as_of"}
ITS = ("spell_office", "spell_feed", "spell")


def find(known: Known) -> pl.DataFrame:
    """The cases of the three codes."""
    return pl.concat([starts(known), overlapping(known), seeking(known)])


def starts(known: Known) -> pl.DataFrame:
    """WRK-03: one case per employment that WLKP and BPJS both have. Found: no start at BPJS is within the
    agreed days of the one in WLKP."""
    readings = known.law.readings.wrk03
    at_wlkp = known.held_outside_bpjs("employment").drop_nulls(["person_id", "fact_id", "start_date"])
    at_bpjs = known.held_by("employment", BPJS).drop_nulls(["fact_id", "start_date"])
    told = at_bpjs.select("fact_id", its_start="start_date", **SPELL)
    pairs = first_of(at_wlkp, "fact_id").join(told, on="fact_id")
    apart = (pl.col("start_date") - pl.col("its_start")).dt.total_days().abs()
    nearest = pairs.with_columns(apart=apart).sort("apart", "spell")
    start = pl.lit("start_date")
    return cases(
        "WRK-03",
        nearest.unique("record_id", keep="first", maintain_order=True).with_columns(
            found=pl.col("apart") > readings.days,
            may_open=True,
            office=known.competent(pl.col("workplace_region")),
            side_a=side(*RECORD, start, pl.col("start_date"), pl.col("as_of")),
            side_b=side(*ITS, start, pl.col("its_start"), pl.col("spell_as_of")),
            closing=pl.format("the starts are {} days apart now", "apart"),
        ),
        ["record_id"],
    )


def overlapping(known: Known) -> pl.DataFrame:
    """WRK-04: one case per spell at BPJS that began while one with another employer ran. Found: they overlap
    for more than the agreed days, by tonight."""
    readings = known.law.readings.wrk04
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "employer_id", "start_date"])
    several = spells.filter(pl.col("fact_id").n_unique().over("person_id") > 1)
    until = pl.col("end_date").fill_null(known.day)
    told = several.with_columns(until=until)
    other = told.select("person_id", "employer_id", "fact_id", "record_id", "start_date", "end_date",
                        "until", "office", "feed", "as_of")  # fmt: skip
    pairs = told.join(other, on="person_id", suffix="_b").filter(
        (pl.col("employer_id") != pl.col("employer_id_b"))
        & (pl.col("fact_id") != pl.col("fact_id_b"))
        & (
            (pl.col("start_date_b") < pl.col("start_date"))
            | (
                (pl.col("start_date_b") == pl.col("start_date"))
                & (pl.col("record_id_b") < pl.col("record_id"))
            )
        )
    )
    both = (pl.min_horizontal("until", "until_b") - pl.col("start_date")).dt.total_days()
    longest = pairs.with_columns(both=both).sort(["both", "record_id_b"], descending=[True, False])
    names = ("start_date", "end_date")
    return cases(
        "WRK-04",
        longest.unique("record_id", keep="first", maintain_order=True).with_columns(
            found=pl.col("both") > readings.days,
            may_open=known.was_heard(pl.lit(BPJS), "employment"),
            office=known.competent(pl.col("workplace_region")),
            side_a=side(*RECORD, *fields(names), pl.col("as_of")),
            side_b=side("office_b", "feed_b", "record_id_b", *fields(names, suffix="_b"), pl.col("as_of_b")),
            closing=pl.lit("the spells do not overlap any more"),
        ),
        ["record_id"],
    )


def seeking(known: Known) -> pl.DataFrame:
    """PES-02: one case per registration of somebody with a spell at BPJS.

    Found: the registration is active and not over, the spell has no end, the days of grace since both have
    passed, and nobody told of the end: no claim, report or letter since the spell began.
    """
    readings = known.law.readings.pes02
    told = known.held_outside_bpjs("pes_registration").drop_nulls(["person_id", "registered_date"])
    over = (pl.col("valid_until") < known.day).fill_null(value=False)
    active = pl.col("status").is_in(readings.states).fill_null(value=False) & ~over
    seekers = first_of(told, "fact_id").with_columns(active=active)
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", "start_date"])
    running = (pl.col("end_date").is_null()) | (pl.col("end_date") >= known.day)
    spells = spells.with_columns(running=running, since=pl.coalesce("registered_date", "start_date"))
    spells = spells.join(_ended_elsewhere(known, spells), on="record_id", how="left")
    shown = spells.select(
        "person_id", "start_date", "end_date", "running", "since", "ended_by", **SPELL, its_firm="employer_id"
    )
    pairs = seekers.join(shown, on="person_id").with_columns(
        works=pl.col("running") & pl.col("ended_by").is_null()
    )
    pairs = pairs.sort(["works", "since", "spell"], descending=[True, False, False])
    first = pairs.unique("record_id", keep="first", maintain_order=True)
    latest = pl.max_horizontal("registered_date", "since").dt.offset_by(f"{readings.grace_days}d")
    names, values = fields(("status", "registered_date"))
    return cases(
        "PES-02",
        first.with_columns(
            found=pl.col("active") & pl.col("works") & (latest < known.day),
            may_open=known.was_heard(pl.lit(BPJS), "employment"),
            employer_id="its_firm",
            side_a=side(*RECORD, names, values, pl.col("as_of")),
            side_b=side(*ITS, *fields(("start_date", "end_date")), pl.col("spell_as_of")),
            closing=pl.when("active")
            .then(pl.lit("no employment runs that nobody told of the end of"))
            .otherwise(pl.format("the registration is {} now", pl.col("status").fill_null("-"))),
        ).drop("office"),
        ["record_id"],
    )


def _ended_elsewhere(known: Known, spells: pl.DataFrame) -> pl.DataFrame:
    """`record_id, ended_by` of the spells of whose end a claim, a report or a letter tells."""
    parts = (
        (known.claims, "termination_date"),
        (known.reports, "effective_date"),
        (known.letters, "effective_date"),
    )
    told = pl.concat(
        frame.select("person_id", its_firm="employer_id", its_date=date, ended_by="record_id")
        for frame, date in parts
    )
    pairs = spells.select("record_id", "person_id", "employer_id", "start_date").join(told, on="person_id")
    same = (pl.col("employer_id") == pl.col("its_firm")) | pl.col("its_firm").is_null()
    ended = pairs.filter(same & (pl.col("its_date") >= pl.col("start_date")))
    return ended.sort("ended_by").unique("record_id", keep="first").select("record_id", "ended_by")
