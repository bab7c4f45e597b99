"""The nights: opened one after the other, numbered without gaps, closed once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, inspect, select, update

from jendela.model.config import Settings
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Night, Receipt, night_label
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
        last = _last(conn)
        day = day or _next(hub, last)
        found = conn.execute(select(table).where(table.c.day == day, table.c.supplement == 0)).one_or_none()
        if found is not None:
            return _night(found, hub.dry_run)
        if last is not None and last.state == OPEN:
            raise WrongUseError(_still_open(last))
        if last is not None and day < last.day:
            raise WrongUseError(
                f"There was no night of {day}, and the last was {last.day}: nights are not opened backwards."
            )
        opened = Night(day, last.seq + 1 if last else 1, tuple(offices), hub.dry_run)
        _insert(conn, hub, opened)
    return opened


def next_day(hub: Hub) -> date:
    """The day of the night that is open, else the one after the last, else the first of the settings."""
    with hub.reading() as conn:
        return _next(hub, _last(conn))


def left_open(hub: Hub) -> Night | None:
    """A supplement that was begun and not closed: its run was killed, or a balance was broken."""
    with hub.reading() as conn:
        last = _last(conn)
        if last is None or last.state != OPEN or not last.supplement:
            return None
        return _night(last, hub.dry_run, _main(conn, last.day))


def last_day(hub: Hub) -> date:
    """The day of the last night.

    Raises:
        WrongUseError: there was none yet.
    """
    with hub.reading() as conn:
        day: date | None = conn.execute(select(table.c.day).order_by(table.c.seq.desc()).limit(1)).scalar()
    if day is None:
        raise WrongUseError("There was no night yet: the first night takes what every office owes.")
    return day


def open_supplement(hub: Hub, office: str) -> Night:
    """A supplement of the last closed night, in which one office takes part; one that is open is found again.

    Raises:
        WrongUseError: no night is closed yet, the night is still open, or another office's supplement is.
    """
    with hub.begin() as conn:
        if conn.dialect.name == "postgresql" and not hub.dry_run:
            conn.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")
        last = _last(conn)
        if last is None:
            raise WrongUseError("There was no night yet: the first night takes what every office owes.")
        if last.state == OPEN:
            if last.supplement and json.loads(last.offices) == [office]:
                return _night(last, hub.dry_run, _main(conn, last.day))
            raise WrongUseError(_still_open(last))
        opened = Night(
            last.day, last.seq + 1, (office,), hub.dry_run, last.supplement + 1, _main(conn, last.day)
        )
        _insert(conn, hub, opened)
    return opened


def current(hub: Hub, day: date, supplement: int = 0) -> Night:
    """The night of `day`, or a supplement of it, as it was opened.

    Raises:
        WrongUseError: it was never opened.
    """
    with hub.reading() as conn:
        which = (table.c.day == day, table.c.supplement == supplement)
        found = conn.execute(select(table).where(*which)).one_or_none()
        if found is None:
            raise WrongUseError(f"The night of {night_label(day, supplement)} was never opened.")
        return _night(found, hub.dry_run, _main(conn, day) if supplement else None)


def ordinals(conn: Connection) -> dict[int, int]:
    """How many nights there were up to each number, supplements not counted: what ages are counted in."""
    found: dict[int, int] = {}
    passed = 0
    for seq, supplement in conn.execute(select(table.c.seq, table.c.supplement).order_by(table.c.seq)):
        passed += supplement == 0
        found[seq] = passed
    return found


def close_night(conn: Connection, night: Night, now: datetime) -> None:
    """The night is closed, in the transaction of its last receipt; closing it again changes nothing."""
    ends = update(table).where(table.c.seq == night.seq, table.c.state == OPEN)
    conn.execute(ends.values(state=CLOSED, closed_at=now))


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
            night = _night(found)
            return night.day, found.state == CLOSED, tuple(receipts.of_night(conn, night))
    finally:
        engine.dispose()


def _night(row: Any, dry_run: bool = False, main_seq: int | None = None) -> Night:
    return Night(row.day, row.seq, tuple(json.loads(row.offices)), dry_run, row.supplement, main_seq)


def _main(conn: Connection, day: date) -> int:
    """The number of the night that a supplement of this day is beside."""
    found: int = conn.execute(
        select(table.c.seq).where(table.c.day == day, table.c.supplement == 0)
    ).scalar_one()
    return found


def _last(conn: Connection) -> Any:
    return conn.execute(select(table).order_by(table.c.seq.desc()).limit(1)).one_or_none()


def _next(hub: Hub, last: Any) -> date:
    if last is None:
        return hub.settings.first_night
    day: date = last.day if last.state == OPEN else last.day + timedelta(days=1)
    return day


def _insert(conn: Connection, hub: Hub, night: Night) -> None:
    row = {"seq": night.seq, "day": night.day, "supplement": night.supplement, "state": OPEN}
    conn.execute(insert(table).values(**row, offices=json.dumps(night.offices), opened_at=hub.clock()))


def _still_open(last: Any) -> str:
    if last.supplement:
        (office,) = json.loads(last.offices)
        return (
            f"The supplement {night_label(last.day, last.supplement)} of {office} is still open: "
            f"finish it first (jendela catch-up {office})."
        )
    return f"The night of {last.day} is still open: finish it first (--night {last.day})."
