"""A hub with one office, on SQLite, and a way to say what its feed brought."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from sqlalchemy import insert

from jendela.crypto import Keyring
from jendela.evidence.commit import commit
from jendela.model.config import Settings
from jendela.model.receipt import Night, Receipt
from jendela.store.hub import Hub
from jendela.store.tables import batch
from jendela.validate.verdict import PROBLEM
from tests.validate.stories import CODES, CONTRACTS, NIGHT, ROOT

FEED = "bpjs.tk_kepesertaan"


class Intake:
    """What pull and map leave behind for validate, without agencies: one office `bpjs` with one feed."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.feed = SimpleNamespace(
            name=FEED, office="bpjs", targets={}, source=SimpleNamespace(mode="delta")
        )
        self.hub.agreements = SimpleNamespace(
            contracts=CONTRACTS,
            codes=CODES,
            digest="0" * 64,
            folder=ROOT,
            offices={
                "bpjs": SimpleNamespace(
                    feeds={FEED: self.feed}, deliveries={}, name_id="BPJS Ketenagakerjaan", name_en="BPJS"
                )
            },
            feed=lambda _name: self.feed,
        )

    def night(self, number: int = 0) -> Night:
        """The night of the stories, or one after it."""
        day = date.fromordinal(NIGHT.toordinal() + number)
        return Night(day, number + 1, ("bpjs",))

    def brings(
        self,
        night: Night,
        problems: list[dict[str, Any]] | None = None,
        counts: dict[str, int] | None = None,
        complete: bool = False,
        **entities: pl.DataFrame,
    ) -> None:
        """The feed brought these canonical rows, and these problems, on this night."""
        found = pl.DataFrame(problems or [], schema=PROBLEM)
        records = pl.concat([found["_record_id"], *(frame["_record_id"] for frame in entities.values())])
        ids = records.n_unique()
        counts = {"received": ids, "released": 0, "changes": ids, **(counts or {})}
        self.feed.targets = {
            entity: SimpleNamespace(fields=dict.fromkeys(CONTRACTS[entity].by_name)) for entity in entities
        }
        changes = records.unique(maintain_order=True).to_frame()
        self.hub.artefacts.write(night, "pull", f"{FEED}.changes", changes)
        for entity, frame in entities.items():
            self.hub.artefacts.write(night, "map", f"{FEED}.{entity}", frame)
        self.hub.artefacts.write(night, "map", f"{FEED}.problems", found)
        with self.hub.begin() as conn:
            row = {
                "batch_id": f"b{night.seq}",
                "seq": night.seq,
                "office": "bpjs",
                "feed": FEED,
                "state": "landed",
            }
            row |= {"complete": complete, "rows": ids, "landing": "x", "sha256": "x", "manifest": "{}"}
            conn.execute(insert(batch).values(**row))
            commit(conn, Receipt(night.label, "pull", "bpjs", {FEED: counts}))


@pytest.fixture
def intake(tmp_path):
    """An open hub, closed at the end."""
    hub = Hub.open(
        settings=Settings(state=tmp_path / "state", first_night=NIGHT, offices=("bpjs",)),
        agreements=None,
        keyring=Keyring((b"k" * 32,), "the test"),
        connector=lambda *_: None,
        resolve=lambda name: name,
    )
    with hub:
        yield Intake(hub)
