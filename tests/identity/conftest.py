"""A small hub to link in: records are written straight into the register, as the merge leaves them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from jendela.crypto import seal_many
from jendela.crypto.keyring import Keyring
from jendela.identity import fits, records, step
from jendela.identity.policy import load_policy
from jendela.identity.standard.frame import VERSION
from jendela.model.config import Settings
from jendela.model.receipt import Night, Receipt
from jendela.store import frames, tables
from jendela.store.hub import Hub
from jendela.store.sealed import PERSON_VERSION
from tests import said
from tests.servers import HUBS, hub_database

FIRST = date(2026, 9, 1)


@dataclass
class Register:
    """What the agencies say, night by night; `say` and `withdraw` wait for the next `night`."""

    hub: Hub
    seq: int = 0
    said: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)

    def say(self, record_id: str, entity: str = "employment", **fields: str | None) -> None:
        """A new or changed record with these canonical fields."""
        self.said.append((record_id, entity, fields))

    def withdraw(self, record_id: str) -> None:
        """The source row is gone."""
        self.withdrawn.append(record_id)

    def adopt_fit(self, other: Register) -> None:
        """Judge by what the model was fitted to in another register, from the first night on."""
        policy = load_policy()
        versions = {"model": policy.version, "standardisation": VERSION}
        with other.hub.reading() as conn:
            fit = fits.current(other.hub, conn, policy, versions, 0)
        assert fit is not None
        with self.hub.begin() as conn:
            fits.keep(self.hub, conn, Night(FIRST - timedelta(days=1), 0, ()), fit, versions)

    def night(self) -> Receipt:
        """Merge what was said, and identify."""
        self.seq += 1
        closing = sorted({row[0] for row in self.said} | set(self.withdrawn))
        with self.hub.begin() as conn:
            said.end(conn, closing, self.seq)
            if self.said:
                said.say(conn, self._versions(), self._persons())
        self.said, self.withdrawn = [], []
        return step.run(self.hub, Night(FIRST + timedelta(days=self.seq - 1), self.seq, ("bpjs",)))

    def _versions(self) -> pl.DataFrame:
        return pl.DataFrame(
            [
                {
                    "record_id": record_id,
                    "entity": entity,
                    "seq_from": self.seq,
                    "feed": "bpjs.test",
                    "facts": json.dumps({k: v for k, v in told.items() if k not in records.IDENTIFYING}),
                }
                for record_id, entity, told in self.said
            ]
        )

    def _persons(self) -> pl.DataFrame:
        rows = [
            (record_id, json.dumps({k: v for k, v in told.items() if k in records.IDENTIFYING}))
            for record_id, entity, told in self.said
            if entity != "employer"
        ]
        frame = pl.DataFrame(rows, schema=["record_id", "plain"], orient="row").unique("record_id")
        if frame.is_empty():
            return frame
        sealed = seal_many(self.hub.keyring, frame["plain"], PERSON_VERSION)
        return frame.select("record_id", pl.lit(self.seq).alias("seq_from"), sealed.alias("sealed"))

    def persons(self) -> dict[str, str]:
        """Who each record's person is."""
        return self._column(tables.identity_node, "record_id", "person_id")

    def employers(self) -> dict[str, str]:
        """Which employer each record means."""
        return self._column(tables.employer_node, "record_id", "employer_id")

    def table(self, table: Any) -> pl.DataFrame:
        """A whole table."""
        with self.hub.reading() as conn:
            return frames.read(conn, table)

    def _column(self, table: Any, key: str, value: str) -> dict[str, str]:
        return dict(self.table(table).select(key, value).iter_rows())

    def groups(self) -> set[frozenset[str]]:
        """The division of all records into persons."""
        found: dict[str, set[str]] = {}
        for record, person in self.persons().items():
            found.setdefault(person, set()).add(record)
        return {frozenset(group) for group in found.values()}


def open_register(state: Path, hub_url: str = "") -> Register:
    """An empty register in `state`, on SQLite there or at `hub_url`."""
    settings = Settings(state=state, first_night=FIRST, offices=("bpjs",), hub_url=hub_url)
    hub = Hub.open(
        settings=settings,
        agreements=None,
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda *_: pytest.fail("identity connects to nobody"),
        resolve=lambda name: name,
    )
    return Register(hub)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    """An empty register on SQLite."""
    made = open_register(tmp_path)
    yield made
    made.hub.close()


@pytest.fixture
def postgresql_register(tmp_path: Path) -> Iterator[Register]:
    """An empty register in a PostgreSQL schema of its own."""
    with hub_database("postgresql") as url:
        made = open_register(tmp_path, url)
        yield made
        made.hub.close()


@pytest.fixture(params=HUBS)
def any_register(request: pytest.FixtureRequest) -> Register:
    """An empty register, on each database in turn."""
    name = "register" if request.param == "sqlite" else "postgresql_register"
    made: Register = request.getfixturevalue(name)
    return made
