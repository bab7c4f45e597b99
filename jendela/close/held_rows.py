"""What a held row said is kept for a time after it was settled; that it was held, and why, stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from jendela.model.receipt import Night
from jendela.store.hub import Hub
from jendela.store.tables import EMPTIED, held_row
from jendela.store.tables import night as nights

SETTLED = ("discarded", "superseded")
# The values, the name of a letter's file, and the keys by which a mended letter would be known again.
NOTHING: dict[str, Any] = {
    "sealed_row": EMPTIED,
    "sealed_name": None,
    "letter_by_name": None,
    "letter_by_nik": None,
}


def empty(conn: Connection, hub: Hub, night: Night) -> dict[str, Any] | None:
    """Empty the rows settled more than `held_days` before this night, in the caller's transaction.

    What was done, for the log: how many rows, and the day before which they were settled; None if none.
    A row that waits for a person, however long, keeps its values: they may still be released.
    """
    before = night.day - timedelta(days=hub.settings.held_days)
    row = held_row.c
    settled = select(nights.c.seq).where(nights.c.day < before)
    past = (
        row.state.in_(SETTLED)
        & func.coalesce(row.closed_seq, row.decided_seq).in_(settled)
        & (row.sealed_row != EMPTIED)
    )
    done = conn.execute(update(held_row).where(past).values(NOTHING)).rowcount
    return {"emptied": done, "settled_before": before.isoformat()} if done else None
