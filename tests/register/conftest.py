"""A real hub on SQLite, and a way to hand it judged batches without any agency."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from sqlalchemy import insert

from jendela.contracts.agreements import load_agreements
from jendela.contracts.facts import facts_schema, identifying_schema
from jendela.crypto.keyring import Keyring
from jendela.model.config import Settings
from jendela.model.receipt import Night
from jendela.register import consolidate, merge
from jendela.store import frames, tables
from jendela.store.hub import Hub
from tests.servers import hub_database
from tests.store.known import belong, employ, known

FIRST = date(2026, 9, 1)
OFFICES = ("bpjs", "kemnaker", "dinas_3215", "dinas_6471", "dinas_7371")


@cache
def agreements():
    """The real agreements: what is shipped is what is tested."""
    return load_agreements(None)


class Story:
    """Nights over one hub: rows come in as `validate` leaves them, persons are set by hand."""

    def __init__(self, hub):
        self.hub = hub
        self.night = Night(FIRST, 1, OFFICES)
        self._open()

    def _open(self):
        row = {"seq": self.night.seq, "day": self.night.day, "state": "open", "offices": "[]"}
        with self.hub.begin() as conn:
            conn.execute(insert(tables.night).values(**row, opened_at=self.hub.clock()))

    def next_night(self):
        """A day passes."""
        self.night = Night(self.night.day + timedelta(days=1), self.night.seq + 1, OFFICES)
        self._open()

    def judged(self, feed, rows=(), held=(), echo=(), deleted=(), state="judged", released=()):
        """One batch: `rows` are (record, {entity: fields}), `held` are (record, rule), the others records."""
        outcomes = [(record, "accepted") for record, _ in rows]
        outcomes += [(record, "held") for record, _ in held] + [(record, "echo") for record in echo]
        changes = pl.DataFrame(
            [
                (at, f"{feed}.csv", record, f"h-{record}-{self.night.seq}", record in released, "secret", "x")
                for at, (record, _) in enumerate(outcomes, 1)
            ],
            schema={
                "_row": pl.Int64,
                "_name": pl.String,
                "_record_id": pl.String,
                "_row_hash": pl.String,
                "_released": pl.Boolean,
                "NAMA": pl.String,
                "KODE": pl.String,
            },
            orient="row",
        )
        self._put("pull", f"{feed}.changes", changes)
        self._put(
            "pull", f"{feed}.deleted", pl.DataFrame({"_record_id": list(deleted)}, {"_record_id": pl.String})
        )
        self._put(
            "validate",
            f"{feed}.outcomes",
            pl.DataFrame(outcomes, {"_record_id": pl.String, "outcome": pl.String}, orient="row"),
        )
        broken = [(record, "claim", "nik", rule) for record, rule in held]
        self._put(
            "validate",
            f"{feed}.held",
            pl.DataFrame(
                broken, dict.fromkeys(("_record_id", "entity", "field", "rule"), pl.String), orient="row"
            ),
        )
        for entity in agreements().feed(feed).targets:
            self._put("validate", f"{feed}.{entity}.accepted", self._accepted(entity, rows))
        batch = {
            "batch_id": f"{feed}-{self.night.seq}",
            "seq": self.night.seq,
            "office": feed.split(".")[0],
            "feed": feed,
            "state": state,
            "complete": True,
            "rows": len(outcomes),
            "landing": "x",
            "sha256": "0",
            "manifest": "{}",
        }
        with self.hub.begin() as conn:
            conn.execute(insert(tables.batch).values(**batch))

    def _accepted(self, entity, rows):
        contract = agreements().contracts[entity]
        schema = {**facts_schema(contract), **identifying_schema(contract)}
        given = [
            {"_record_id": record, "_row_hash": f"h-{record}-{self.night.seq}", **made[entity]}
            for record, made in rows
            if entity in made
        ]
        return pl.DataFrame(
            given, schema={"_record_id": pl.String, "_row_hash": pl.String, **schema}, strict=False
        )

    def _put(self, step, name, frame):
        self.hub.artefacts.write(self.night, step, name, frame)

    def persons(self, **who):
        """Set the person of records: record="person"."""
        with self.hub.begin() as conn:
            belong(conn, who, self.night.seq)

    def employers(self, **who):
        """Set the employer of records: record="employer"."""
        with self.hub.begin() as conn:
            employ(conn, who, self.night.seq)

    def forget(self, *records):
        """Records leave the identity graph, as deleted ones do."""
        with self.hub.begin() as conn:
            frames.delete(conn, tables.person_member, known(conn, records).select("number"))

    def merge(self):
        """Run the step; its receipt."""
        return merge.run(self.hub, self.night)

    def consolidate(self):
        """Run the step; its receipt."""
        return consolidate.run(self.hub, self.night)

    def table(self, table):
        """A whole table."""
        with self.hub.reading() as conn:
            return frames.read(conn, table)

    def current(self, entity):
        """The canonical versions in force, their JSON opened, by fact."""
        rows = self.table(tables.canonical_version).filter(
            (pl.col("entity") == entity) & pl.col("seq_to").is_null()
        )
        return {
            row["fact_id"]: {
                **row,
                "facts": json.loads(row["facts"]),
                "provenance": json.loads(row["provenance"]),
            }
            for row in rows.sort("fact_id").to_dicts()
        }

    def fact_of(self, record):
        """The fact a record belongs to."""
        return self.table(tables.record_fact).filter(pl.col("record_id") == record)["fact_id"].item()


@pytest.fixture
def hub_url():
    """The hub database; empty is SQLite in the state folder."""
    return ""


@pytest.fixture
def postgres_url():
    """An empty schema on PostgreSQL."""
    with hub_database("postgresql") as url:
        yield url


@pytest.fixture
def story(tmp_path, hub_url):
    """The first night of an empty hub."""
    settings = Settings(state=tmp_path, hub_url=hub_url, first_night=FIRST, offices=OFFICES)
    with Hub.open(
        settings=settings,
        agreements=agreements(),
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda *_: None,
        resolve=lambda name: name,
    ) as hub:
        yield Story(hub)
