"""A desk with a small register behind it: records, edges and keys are written as the night leaves them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import log2
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from jendela.crypto import Keyring, seal_many
from jendela.identity import key_store, persons, records
from jendela.identity.review import queue, screen, verdicts
from jendela.model.config import Settings
from jendela.store import frames, tables
from jendela.store.hub import Hub
from jendela.store.sealed import PERSON_VERSION
from tests import said
from tests.servers import HUBS, hub_database
from tests.store.known import known as kept

FIRST = date(2026, 9, 1)
WHY = "the mother's name agrees"
EDGE = {
    "left_id": pl.String,
    "right_id": pl.String,
    "tier": pl.String,
    "probability": pl.Float64,
    "weight": pl.Float64,
    "zone": pl.String,
    "reasons": pl.String,
}

KINDS = ("birth", "cohort", "kpj", "phone", "year")
LINK = log2(0.99 / 0.01)


def _of_no_weight(pairs: pl.DataFrame) -> pl.DataFrame:
    """Two records of one component that nobody compared: they say nothing for or against."""
    return pairs.with_columns(weight=pl.lit(0.0))


@dataclass
class Desk:
    """What is said and joined waits for the next `night`. Time passes by a minute with every act."""

    hub: Hub
    seq: int = 0
    now: datetime = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    said: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    edges: dict[tuple[str, str], tuple[str, float, str]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    shared: list[tuple[int, str]] = field(default_factory=list)

    def say(self, record_id: str, entity: str = "employment", **fields: str | None) -> None:
        """A new or changed record."""
        self.said[record_id] = (entity, {"full_name": "SITI AMINAH", **fields})

    def withdraw(self, record_id: str) -> None:
        """The source row is gone, and its edges with it."""
        self.gone.add(record_id)
        self.edges = {pair: edge for pair, edge in self.edges.items() if record_id not in pair}

    def doubt(self, one: str, other: str, probability: float = 0.5) -> None:
        """An edge for a person to look at."""
        self._join(one, other, ("probabilistic", probability, "review"))

    def link(self, one: str, other: str, tier: str = "probabilistic") -> None:
        """A link made without a person."""
        self._join(one, other, (tier, 0.995, "link"))

    def find_two(self, one: str, other: str) -> None:
        """A finding that they are two people: one NIK and two names."""
        self._join(one, other, ("certain", 0.0001, "apart"))

    def part(self, one: str, other: str) -> None:
        """No edge any more."""
        pair = min(one, other), max(one, other)
        self.edges.pop(pair, None)
        self.touched |= set(pair)

    def _join(self, one: str, other: str, edge: tuple[str, float, str]) -> None:
        pair = min(one, other), max(one, other)
        self.edges[pair] = edge
        self.touched |= set(pair)

    def share(self, *record_ids: str, kind: str = "birth") -> None:
        """These records have a blocking key in common."""
        key = (uuid.uuid4().int >> 70) * 16 + KINDS.index(kind)
        self.shared += [(key, record) for record in record_ids]

    def night(self) -> dict[str, str]:
        """Merge what was said, keep the edges, divide the persons anew; who each record is."""
        self.seq += 1
        touched = pl.Series("record_id", sorted((self.touched | set(self.said)) - self.gone), pl.String)
        gone = pl.Series("record_id", sorted(self.gone), pl.String)
        near = [
            (*pair, tier, probability, log2(probability / (1 - probability)), zone, '["name_same"]')
            for pair, (tier, probability, zone) in self.edges.items()
            if set(pair) & set(touched.to_list())
        ]
        closing = sorted(set(self.said) | self.gone)
        with self.hub.begin() as conn:
            row = {"seq": self.seq, "day": self.day, "state": "closed", "offices": "[]"}
            conn.execute(sa.insert(tables.night).values(**row, opened_at=self.now))
            said.end(conn, closing, self.seq)
            self._merge(conn)
            self._keys(conn)
            edges = pl.DataFrame(near, schema=EDGE, orient="row")
            numbers = kept(conn, [*touched, *gone])
            change = persons.write_edges(
                conn, edges, touched, touched.clear(), gone, numbers, "test", self.seq
            )
            weights = edges.select("left_id", "right_id", "weight")
            persons.maintain(conn, self.hub.keyring, change, self.seq, LINK, weights, _of_no_weight)
        self.said, self.gone, self.touched, self.shared = {}, set(), set(), []
        self.now = max(self.now, datetime.combine(self.day, self.now.timetz()))
        return self.persons()

    def _keys(self, conn: sa.Connection) -> None:
        known = frames.read(conn, tables.identity_record).select("record_id", "number")
        fresh = sorted(set(self.said) - set(known["record_id"]))
        numbers = pl.DataFrame({"record_id": fresh, "number": range(known.height, known.height + len(fresh))})
        if fresh:
            own = numbers.join(kept(conn, fresh).rename({"number": "record"}), on="record_id")
            frames.load(conn, tables.identity_record, own.with_columns(sealed=pl.lit(b"")))
        numbers = pl.concat(
            [known.select(numbers.columns), numbers.cast(known.select(numbers.columns).schema)]
        )
        keys = pl.DataFrame(self.shared, schema={"key": pl.Int64, "record_id": pl.String}, orient="row")
        key_store.keep(conn, keys.join(numbers, on="record_id").select("key", "number"))

    @property
    def day(self) -> date:
        """Tonight."""
        return FIRST + timedelta(days=self.seq - 1)

    def _merge(self, conn: sa.Connection) -> None:
        if not self.said:
            return
        same = {"seq_from": self.seq, "feed": "bpjs.test"}
        versions, sealed = [], []
        for record, (entity, fields) in self.said.items():
            named = set(records.IDENTIFYING) | {"email", "address"}
            facts = json.dumps({name: value for name, value in fields.items() if name not in named})
            versions.append({"record_id": record, "entity": entity, "facts": facts, **same})
            sealed.append((record, json.dumps({k: v for k, v in fields.items() if k in named})))
        frame = pl.DataFrame(sealed, schema=["record_id", "plain"], orient="row")
        blobs = seal_many(self.hub.keyring, frame["plain"], PERSON_VERSION)
        named_now = frame.select("record_id", seq_from=pl.lit(self.seq), sealed=blobs)
        said.say(conn, pl.DataFrame(versions), named_now)

    def persons(self) -> dict[str, str]:
        """Who each record's person is."""
        return dict(self.table(tables.identity_node).select("record_id", "person_id").iter_rows())

    def together(self, one: str, other: str) -> bool:
        """Whether two records are one person at present."""
        who = self.persons()
        return who[one] == who[other]

    def table(self, table: Any) -> pl.DataFrame:
        """A whole table."""
        with self.hub.reading() as conn:
            return frames.read(conn, table)

    def ledger(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of the ledger's entries of this kind."""
        rows = self.table(tables.ledger_leaf).filter(kind=kind).sort("idx")
        return [json.loads(row)["body"] for row in rows["body"]]

    def passes(self) -> datetime:
        """A minute later."""
        self.now += timedelta(minutes=1)
        return self.now

    def cases(self, who: str | None = None) -> list[queue.Waiting]:
        """The queue."""
        return queue.waiting(self.hub, self.passes(), who)

    def case(self, who: str | None = None) -> str:
        """The id of the only case that waits."""
        (only,) = self.cases(who)
        return only.case_id

    def show(self, case_id: str, who: str) -> screen.Screen:
        """A reviewer looks."""
        return screen.show(self.hub, case_id, who, self.passes())

    def says(self, case_id: str, who: str, word: str, why: str = WHY) -> str | None:
        """A reviewer looks and speaks; the verdict, once it binds."""
        self.show(case_id, who)
        return verdicts.decide(self.hub, case_id, word, who, why, self.passes()).verdict

    def reopen(self, case_id: str, who: str, why: str = "new papers") -> None:
        """A decided case is asked anew."""
        verdicts.reopen(self.hub, case_id, who, why, self.passes())


def open_desk(state: Path, hub_url: str = "") -> Desk:
    """An empty desk in `state`, on SQLite there or at `hub_url`."""
    hub = Hub.open(
        settings=Settings(state=state, first_night=FIRST, offices=("bpjs",), hub_url=hub_url),
        agreements=None,
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda *_: pytest.fail("review connects to nobody"),
        resolve=lambda name: name,
    )
    return Desk(hub)


@pytest.fixture
def sqlite_desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on SQLite, where the database makes no difference."""
    made = open_desk(tmp_path)
    yield made
    made.hub.close()


@pytest.fixture(params=HUBS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """An empty desk on SQLite, and on PostgreSQL in a schema of its own."""
    with hub_database(request.param) as url:
        made = open_desk(tmp_path, url)
        yield made
        made.hub.close()
