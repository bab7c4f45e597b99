"""The second step: the changed source rows of one office as canonical rows, or as problems."""

from __future__ import annotations

import polars as pl

from jendela.contracts.mapping import Feed
from jendela.evidence.commit import commit
from jendela.ingest.canonical import map_rows
from jendela.ingest.reaching import with_reached
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Digest, Night, Receipt
from jendela.store import receipts
from jendela.store.hub import Hub

STEP = "map"


def run(hub: Hub, night: Night, office: str) -> Receipt:
    """Map what `pull` found changed in every feed of the office; a feed without changes costs nothing.

    Writes `map/<feed>.<entity>` and `map/<feed>.problems`. Counts per feed: `rows` in, `mapped.<entity>` out,
    `problems` (values or whole rows that could not be read).

    Raises:
        WrongUseError: the office was not pulled this night.
    """
    with hub.reading() as conn:
        if done := receipts.find(conn, night, STEP, office):
            return done
        pulled = receipts.find(conn, night, "pull", office)
    if pulled is None:
        raise WrongUseError(f"{office} was not pulled this night: run its pull first.")
    feeds = hub.agreements.offices[office].feeds
    counts: dict[str, dict[str, int]] = {}
    artefacts: list[Digest] = []
    for name in sorted(set(feeds) & set(pulled.counts)):  # the others are missing tonight: pull says why
        rows = hub.artefacts.read(night, "pull", f"{name}.changes")
        counts[name] = {"rows": rows.height}
        if not rows.is_empty():
            digests, found = _map_feed(hub, night, feeds[name], rows)
            artefacts += digests
            counts[name] |= found
    versions = {f"mapping.{name}": feeds[name].version for name in counts}
    receipt = Receipt(night.label, STEP, office, counts, tuple(artefacts), (), versions)
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, office):
            return done
        return commit(conn, receipt)


def _map_feed(hub: Hub, night: Night, feed: Feed, rows: pl.DataFrame) -> tuple[list[Digest], dict[str, int]]:
    mapped = map_rows(with_reached(rows, feed, hub.keyring), feed, hub.agreements.contracts)
    digests = [
        hub.artefacts.write(night, STEP, f"{feed.name}.{entity}", frame)
        for entity, frame in mapped.entities.items()
    ]
    digests.append(hub.artefacts.write(night, STEP, f"{feed.name}.problems", mapped.problems))
    found = {f"mapped.{entity}": frame.height for entity, frame in mapped.entities.items()}
    return digests, {**found, "problems": mapped.problems.height}
