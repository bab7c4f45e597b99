"""Batches that wait: halted ones for a person, released ones to be taken from their landing."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from jendela.store.tables import batch

SETTLED, WAITING = ("merged", "discarded"), ("halted", "released")


def unsettled() -> ColumnElement[bool]:
    """Of a batch in a query: no later one of its feed was taken or discarded, which settles those before."""
    later = batch.alias()
    settled = select(later.c.seq).where(
        later.c.feed == batch.c.feed, later.c.seq >= batch.c.seq, later.c.state.in_(SETTLED)
    )
    return ~settled.exists()
