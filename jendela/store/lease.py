"""The lease of the night: one run at a time, and a run that died does not block the next."""

from __future__ import annotations

import logging
import socket
from datetime import UTC, date, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from jendela.model.errors import NightBusyError
from jendela.model.receipt import night_label
from jendela.store.hub import Hub
from jendela.store.processes import started
from jendela.store.tables import night_lease as table

LOG = logging.getLogger(__name__)

# Longer than any night takes. It ends the lease of a holder that cannot be looked at: on another host, or an
# Airflow run, whose tasks come and go.
LASTS = timedelta(hours=3)


def acquire(hub: Hub, day: date, token: str, pid: int | None, supplement: int = 0) -> None:
    """The night is this run's, which `token` names; a run that has it already keeps it.

    Args:
        pid: the process that lives as long as the run does, or None (Airflow).

    Raises:
        NightBusyError: another run has it; the holder is named.
    """
    with hub.live.begin() as conn:
        if conn.dialect.name == "postgresql":
            # Two starts at once: the second waits here, then sees the first (SQLite has one writer anyway).
            conn.exec_driver_sql(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE")
        held = conn.execute(select(table)).one_or_none()
        if held is not None and held.token != token and _lives(hub, held):
            raise NightBusyError(_busy(held))
        conn.execute(delete(table))
        row = {"id": 1, "day": day, "supplement": supplement, "token": token, "pid": pid}
        began = None if pid is None else started(pid)
        conn.execute(
            insert(table).values(
                **row, host=socket.gethostname(), pid_started=began, expires_at=hub.clock() + LASTS
            )
        )


def renew(hub: Hub, token: str) -> tuple[date, int]:
    """Day and supplement of the night that this run holds, from now on for three hours again.

    Raises:
        NightBusyError: the run does not hold a night (any more).
    """
    with hub.live.begin() as conn:
        held = conn.execute(select(table)).one_or_none()
        if held is None or held.token != token:
            raise NightBusyError(
                "This run does not hold the night. " + (_busy(held) if held else "Start it anew.")
            )
        conn.execute(update(table).where(table.c.token == token).values(expires_at=hub.clock() + LASTS))
        return held.day, held.supplement


def release(hub: Hub, token: str) -> None:
    """The night is free again, if this run held it."""
    with hub.live.begin() as conn:
        conn.execute(delete(table).where(table.c.token == token))


def let_go(hub: Hub, token: str) -> None:
    """`release` at the end of a run: a database that cannot be written must not hide why the run ended.

    The lease is free all the same once the process has ended.
    """
    try:
        release(hub, token)
    except SQLAlchemyError as error:
        LOG.warning("The lease could not be given back (%s).", type(error).__name__)


def _lives(hub: Hub, held: Any) -> bool:
    """Whether the holder is still at it: on this host its process is looked at, elsewhere only the time."""
    if held.pid is not None and held.host == socket.gethostname():
        return held.pid_started is not None and started(held.pid) == held.pid_started
    # SQLite gives back the time without its zone, which is always UTC.
    return bool(held.expires_at.replace(tzinfo=UTC) > hub.clock())


def _busy(held: Any) -> str:
    who = f"process {held.pid} on {held.host}" if held.pid is not None else f"run {held.token} on {held.host}"
    until = held.expires_at.replace(tzinfo=UTC)
    return (
        f"The night of {night_label(held.day, held.supplement)} is being run by {who}. "
        f"Wait for it, or end it; if it died, the lease ends by itself at {until:%Y-%m-%d %H:%M} UTC."
    )
