"""Jendela's own side: the steps of a night over the table, in a hub of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

from sqlalchemy import func, select, update

from jendela.crypto import Keyring
from jendela.model.config import Settings
from jendela.model.receipt import Night
from jendela.store import receipts
from jendela.store.hub import Hub
from jendela.store.tables import batch, record_version

OFFICE = "bpjs"
FEED = "bpjs.tk_bench"
NIGHT = Night(date(2026, 9, 1), 1, (OFFICE,))


@contextmanager
def opened(folder: Path, source: str, hub_url: str = "") -> Iterator[Hub]:
    """The hub whose state is in `folder`, which knows one office with one feed, found at the URL `source`."""
    from connectors.sql import SqlConnector
    from jendela.contracts.agreements import load_agreements

    agreed = load_agreements(_agreements(folder))
    office = agreed.offices[OFFICE]
    only = replace(office, feeds={FEED: office.feeds[FEED]})
    settings = Settings(state=folder / "state", hub_url=hub_url, first_night=NIGHT.day, offices=(OFFICE,))
    with Hub.open(
        settings=settings,
        agreements=replace(agreed, offices={**agreed.offices, OFFICE: only}),
        keyring=Keyring((b"of a benchmark and nothing else ",), "the benchmark"),
        connector=lambda _, office, url: SqlConnector(office, url),
        resolve=lambda _: source,
    ) as hub:
        yield hub


def _agreements(folder: Path) -> Path:
    """The installed agreements with the benchmark's feed beside the others."""
    made = folder / "agreements"
    if made.exists():
        return made
    root = Path(str(files("schemas"))).parent
    for part in ("schemas", "mappings"):
        shutil.copytree(root / part, made / part)
    feed, office = Path(__file__).parent / "feed", made / "mappings" / OFFICE
    shutil.copy(feed / "tk_bench.yaml", office)
    with (office / "dictionary.csv").open("a", encoding="utf-8") as dictionary:
        dictionary.write((feed / "dictionary.csv").read_text(encoding="utf-8"))
    return made


def judged(hub: Hub) -> None:
    """Great Expectations is not what is measured here: the batch counts as judged."""
    with hub.begin() as conn:
        conn.execute(update(batch).values(state="judged"))


def accepted(hub: Hub) -> int:
    """How many rows were accepted."""
    with hub.reading() as conn:
        receipt = receipts.find(conn, NIGHT, "validate", OFFICE)
    assert receipt is not None
    return receipt.counts[FEED]["accepted"]


def check(hub: Hub) -> None:
    """What was accepted is in the register."""
    with hub.reading() as conn:
        found = conn.execute(select(func.count()).select_from(record_version)).scalar_one()
    assert found == accepted(hub), f"{found} versions"
