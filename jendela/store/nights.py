"""The nights: opened one after the other, numbered without gaps, closed once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, insert, inspect, select, update

from jendela.model.config import Settings
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Night, Receipt
from jendela.store import receipts
from jendela.store.engine import READING, make_engine
from jendela.store.hub import Hub
from jendela.store.tables import night as table

OPEN, CLOSED = "open", "closed"


def open_night(hub: Hub, day: date | None, offices: Sequence[str]) -> Night:
    """The night of `day`, opened now, or as it was opened before (the same number and offices).

    Without a day: the one that is still open, else the day after the last, else the first of the settings.

    Raises:
        WrongUseError: another night is still open, or the day lies before the last night.
    """
    with hub.begin() as conn:
        if conn.dialect.name == "postgresql" and not hub.dry_run:
            # Two starts at once: the second must see what the first opened (SQLite has one writer anyway).
            conn.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")
        last = conn.execute(select(table).order_by(table.c.seq.desc()).limit(1)).one_or_none()
        if last is None:
            day = day or hub.settings.first_night
        elif day is None:
            day = last.day if last.state == OPEN else last.day + timedelta(days=1)
        found = conn.execute(select(table).where(table.c.day == day)).one_or_none()
        if found is not None:
            return Night(found.day, found.seq, tuple(json.loads(found.offices)), hub.dry_run)
        if last is not None and last.state == OPEN:
            raise WrongUseError(
                f"The night of {last.day} is still open: finish it first (--night {last.day})."
            )
        if last is not None and day < last.day:
            raise WrongUseError(
                f"There was no night of {day}, and the last was {last.day}: nights are not opened backwards."
            )
        opened = Night(day, last.seq + 1 if last else 1, tuple(offices), hub.dry_run)
        row = {"seq": opened.seq, "day": day, "state": OPEN, "offices": json.dumps(opened.offices)}
        conn.execute(insert(table).values(**row, opened_at=hub.clock()))
    return opened


def current(hub: Hub, day: date) -> Night:
    """The night of `day` as it was opened.

    Raises:
        WrongUseError: it was never opened.
    """
    with hub.reading() as conn:
        found = conn.execute(select(table).where(table.c.day == day)).one_or_none()
    if found is None:
        raise WrongUseError(f"The night of {day} was never opened.")
    return Night(found.day, found.seq, tuple(json.loads(found.offices)), hub.dry_run)


def close_night(conn: Connection, night: Night) -> None:
    """The night is closed, in the transaction of its last receipt; closing it again changes nothing."""
    ends = update(table).where(table.c.seq == night.seq, table.c.state == OPEN)
    conn.execute(ends.values(state=CLOSED, closed_at=datetime.now(UTC)))


def latest(settings: Settings) -> tuple[date, bool, tuple[Receipt, ...]] | None:
    """The latest night of a hub, whether it is closed, its receipts; None before the first. Needs no key."""
    if not settings.hub_url and not (settings.state / "hub.sqlite").is_file():
        return None
    engine = make_engine(settings.database_url)
    try:
        with engine.connect().execution_options(**{READING: True}) as conn:
            if not inspect(conn).has_table(table.name):
                return None
            found = conn.execute(select(table).order_by(table.c.seq.desc()).limit(1)).one_or_none()
            if found is None:
                return None
            night = Night(found.day, found.seq, tuple(json.loads(found.offices)))
            return night.day, found.state == CLOSED, tuple(receipts.of_night(conn, night))
    finally:
        engine.dispose()
