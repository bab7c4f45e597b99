"""A hub with one office whose database a test writes to, night after night."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from connectors.files import FilesConnector
from connectors.letters import LettersConnector
from connectors.sql import SqlConnector
from jendela.contracts.mapping import Feed
from jendela.crypto import Keyring, seal_many
from jendela.ingest import pull
from jendela.model.config import Settings
from jendela.model.ports import FeedSource
from jendela.model.receipt import Night
from jendela.store import frames, records, tables
from jendela.store.hub import Hub

FIRST = date(2026, 3, 2)
TRANSPORTS = {"sql": SqlConnector, "files": FilesConnector, "letters": LettersConnector}


@dataclass
class Office:
    """An office whose data lie in `folder`: a database `office.db`, and files beside it."""

    hub: Hub
    folder: Path
    feeds: dict[str, Feed]
    office: Any
    seq: int = 0
    nights: dict[int, Night] = field(default_factory=dict)

    def sql(self, *statements):
        """Change the office's database."""
        with sqlite3.connect(self.folder / "office.db") as conn:
            for statement in statements:
                conn.execute(statement)
        conn.close()

    def agree(self, name, mode, columns, key, *, transport="sql", **more):
        """Agree a feed."""
        source = FeedSource("bpjs", f"bpjs.{name}", mode, tuple(columns), tuple(key), **more)
        self.feeds[source.feed] = Feed(source.feed, "bpjs", source, {}, {}, "v1")
        self.office.transport = transport

    def pull(self, last_attempt=True):
        """Tonight's receipt."""
        self.seq += 1
        self.nights[self.seq] = Night(FIRST + timedelta(days=self.seq - 1), self.seq, ("bpjs",))
        return pull.run(self.hub, self.nights[self.seq], "bpjs", last_attempt)

    def again(self):
        """The receipt of tonight's second attempt."""
        return pull.run(self.hub, self.nights[self.seq], "bpjs")

    def changes(self, name):
        """Tonight's news of a feed."""
        return self.hub.artefacts.read(self.nights[self.seq], "pull", f"bpjs.{name}.changes")

    def deleted(self, name):
        """The record ids that tonight's comparison found gone."""
        return self.hub.artefacts.read(self.nights[self.seq], "pull", f"bpjs.{name}.deleted")[
            "_record_id"
        ].to_list()

    def merge(self, name, outcome="accepted"):
        """What the register does with tonight's batch of a feed, as far as the next pull sees it."""
        told = self.changes(name).select(
            feed=pl.lit(f"bpjs.{name}"),
            record_id="_record_id",
            row_hash="_row_hash",
            seq=pl.lit(self.seq, pl.Int64),
            outcome=pl.lit(outcome),
            deleted_seq=pl.lit(None, pl.Int64),
            as_of=pl.lit(None, pl.String),
        )
        gone = pl.DataFrame({"record_id": self.deleted(name)}, {"record_id": pl.String}).select(
            pl.lit(f"bpjs.{name}").alias("feed"), "record_id", pl.lit(self.seq, pl.Int64).alias("deleted_seq")
        )
        batch = tables.batch
        with self.hub.begin() as conn:
            records.note(conn, told)
            frames.update(conn, tables.source_row, gone, on=["feed", "record_id"])
            ours = sa.and_(batch.c.feed == f"bpjs.{name}", batch.c.seq == self.seq, batch.c.state == "landed")
            conn.execute(sa.update(batch).where(ours).values(state="merged"))

    def release(self, name, record, row: Mapping[str, str | None], rule="C-REQ"):
        """A person releases a held row."""
        import json

        sealed = seal_many(self.hub.keyring, pl.Series([json.dumps(dict(row))]), "held_row.sealed_row")
        held = pl.DataFrame(
            {
                "held_id": [f"held-{record}"],
                "feed": [f"bpjs.{name}"],
                "office": ["bpjs"],
                "record_id": [record],
                "batch_id": ["b"],
                "seq": [self.seq],
                "source_line": [7],
                "source_name": ["f.csv"],
                "violations": [json.dumps([{"entity": "", "field": "", "rule": rule}])],
                "sealed_row": sealed,
                "state": ["released"],
            }
        )
        with self.hub.begin() as conn:
            frames.load(conn, tables.held_row, held)

    def rows(self, table, **where):
        """Rows of a table of the hub."""
        query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
        with self.hub.reading() as conn:
            return [row._asdict() for row in conn.execute(query)]


@pytest.fixture
def office(tmp_path):
    """An office without feeds yet, and an empty hub."""
    folder = tmp_path / "office"
    folder.mkdir()
    feeds: dict[str, Feed] = {}
    known = SimpleNamespace(transport="sql", connection="BPJS", feeds=feeds, zone="Asia/Jakarta")
    settings = Settings(state=tmp_path / "state", first_night=FIRST, offices=("bpjs",), sweep_every_nights=3)

    def url(_):
        return f"sqlite:///{folder / 'office.db'}" if known.transport == "sql" else f"file://{folder}"

    with Hub.open(
        settings=settings,
        agreements=SimpleNamespace(offices={"bpjs": known}),
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda transport, name, where: TRANSPORTS[transport](name, where),
        resolve=url,
    ) as hub:
        yield Office(hub, folder, feeds, known)
