"""Only what a night touched is made again, and the result is as if all of it had been."""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl
import pytest

from jendela.contracts.facts import decode, facts_schema
from jendela.law import load_law
from jendela.register.grouping import group
from jendela.register.survivorship import winners
from jendela.store import tables
from jendela.store.records import stated_by_id

SPELLS, WLKP = "bpjs.tk_kepesertaan", "kemnaker.wlkp_tenaga_kerja"
PEOPLE, FIRMS = ("siti", "budi", "ani"), ("maju", "jaya")


def some_spell(rng):
    """A spell of some months between 2020 and 2022."""
    start = date(2020, 1, 1) + timedelta(days=rng.randrange(600))
    end = start + timedelta(days=rng.randrange(20, 300)) if rng.random() < 0.7 else None
    return {"employment": {"full_name": "X", "start_date": start, "end_date": end, "npp": rng.choice(FIRMS)}}


def made_again(story):
    """The employments as they would be if all records were consolidated at once: {records: facts}."""
    rows = story.table(stated_by_id).filter(pl.col("seq_to").is_null())
    rows = rows.join(story.table(tables.identity_node).drop("seq", "number"), on="record_id", how="left")
    rows = rows.join(story.table(tables.employer_node).drop("seq", "number"), on="record_id", how="left")
    agreed = story.hub.agreements
    schema = facts_schema(agreed.contracts["employment"])
    records = decode(rows, "facts", schema)
    groups = group("employment", records, load_law(None).readings.facts).with_columns(
        fact_id=pl.col("group").cast(pl.String)
    )
    records = records.join(groups, on="record_id")
    shown = winners("employment", records, schema, agreed.survivorship, agreed.offices)
    together = records.group_by("fact_id").agg("record_id").join(shown, on="fact_id")
    return {frozenset(row["record_id"]): row["facts"] for row in together.to_dicts()}


def as_kept(story):
    """The employments as the register has them: {records: facts}."""
    alive = story.table(stated_by_id).filter(pl.col("seq_to").is_null()).select("record_id")
    links = story.table(tables.record_fact).join(alive, on="record_id").group_by("fact_id").agg("record_id")
    current = story.table(tables.canonical_version).filter(pl.col("seq_to").is_null())
    assert links.height == current.height
    together = links.join(current, on="fact_id")
    return {frozenset(row["record_id"]): row["facts"] for row in together.to_dicts()}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def hub_url(request):
    """The hub database: embedded, or a schema of its own on the server."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.mark.parametrize("seed", range(3))
def test_after_any_nights_it_is_as_if_made_at_once(story, seed):
    """Rows come, change and go; persons merge and split; employers are corrected."""
    rng, there = random.Random(seed), {SPELLS: [], WLKP: []}
    for _ in range(5):
        persons, employers = {}, {}
        for feed, records in there.items():
            gone = [record for record in records if rng.random() < 0.15]
            kept = [record for record in records if record not in gone]
            new = [f"{feed[:2]}{story.night.seq}{at}" for at in range(rng.randrange(4))]
            told = new + [record for record in kept if rng.random() < 0.2]
            story.judged(feed, [(record, some_spell(rng)) for record in told], deleted=gone)
            there[feed] = kept + new
            story.forget(*gone)
            persons |= {record: rng.choice(PEOPLE) for record in new}
            employers |= {record: rng.choice(FIRMS) for record in new}
        moving = [record for records in there.values() for record in records if rng.random() < 0.2]
        persons |= {record: rng.choice(PEOPLE) for record in moving}
        employers |= {record: rng.choice(FIRMS) for record in moving if rng.random() < 0.5}
        story.merge()
        story.persons(**persons)
        story.employers(**employers)
        story.consolidate()
        assert as_kept(story) == made_again(story)
        story.next_night()
