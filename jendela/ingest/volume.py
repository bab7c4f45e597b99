"""The storm guard: a feed that brings many times what it usually brings is landed, and waits for a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from statistics import median

from sqlalchemy import Connection, func, select

from jendela.model.ports import FeedSource, Window
from jendela.store.batches import WAITING, unsettled
from jendela.store.tables import batch

HISTORY = 14  # batches looked back on
LEAST = 2  # of them, before anything is called usual
STORM = "storm"


@dataclass(frozen=True)
class Usual:
    """What a feed usually brings a night (rows; None: not known yet), and the nights since its last batch."""

    rows: float | None
    nights: int


def usual(conn: Connection, feed: str, seq: int) -> Usual:
    """The median of the feed's own last merged batches; those without rows, released ones, and whole readings
    of a windowed feed, say nothing of its volume.

    While a storm waits the nights stop at it: nobody is away, and what was too much then is not enough later.
    """
    query = (
        select(batch.c.seq, batch.c.rows, batch.c.manifest, batch.c.taken_from)
        .where(batch.c.feed == feed, batch.c.seq < seq, batch.c.state == "merged")
        .order_by(batch.c.seq.desc())
        .limit(HISTORY)
    )
    found = conn.execute(query).all()
    rows = [
        row.rows
        for row in found
        if row.rows and row.taken_from is None and not _whole(json.loads(row.manifest))
    ]
    storm = select(func.min(batch.c.seq)).where(
        batch.c.feed == feed, batch.c.guard == STORM, batch.c.state.in_(WAITING), unsettled()
    )
    until = min(conn.execute(storm).scalar() or seq, seq)
    nights = until - found[0].seq if found else 1
    return Usual(median(rows) if len(rows) >= LEAST else None, nights)


def storm_reason(
    source: FeedSource, asked: Window, rows: int, usually: Usual, limit: float, minimum: int
) -> str | None:
    """Why so many rows are not believed; None if they are. An absence of nights allows as many times more."""
    if usually.rows is None or rows < minimum or (source.watermark is not None and asked.low is None):
        return None
    nights = usually.nights if source.mode != "snapshot" else 1
    if rows <= limit * usually.rows * nights:
        return None
    since = f" in {nights} nights" if nights > 1 else ""
    return (
        f"It brought {rows} rows{since}, and usually brings {usually.rows:g} a night: "
        f"more than {limit:g} times as many."
    )


def _whole(manifest: dict[str, object]) -> bool:
    asked = manifest.get("window")
    windowed = manifest.get("mode") in ("delta", "append")
    return windowed and isinstance(asked, dict) and asked.get("low") is None
