"""What the hub's server ended is done again: it was restarted, or chose one of two in a deadlock."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from sqlalchemy.exc import DBAPIError

from jendela.store.hub import Hub

LOG = logging.getLogger(__name__)
T = TypeVar("T")

ATTEMPTS = 6


def passes(error: BaseException) -> bool:
    """Whether a server said so of itself, not of what it was asked: it may answer the next time.

    COPY speaks past SQLAlchemy, so both kinds of errors come.
    """
    said = error.orig if isinstance(error, DBAPIError) else error
    lasting = isinstance(said, psycopg.errors.DiskFull)
    return isinstance(said, psycopg.OperationalError | psycopg.InterfaceError) and not lasting


def steadily(call: Callable[[], T], what: str, hub: Hub) -> T:
    """What `call` gives, which must leave no trace unless it ends; up to six times, the pauses doubled.

    With the default pause of two seconds a server has a minute to come back. A rehearsal is one transaction:
    what the server ended of it cannot go on.

    Raises:
        Exception: as `call` does the last time, or at once what does not pass.
    """
    for attempt in range(0 if hub.dry_run else ATTEMPTS - 1):
        try:
            return call()
        except Exception as error:
            if not passes(error):
                raise
            LOG.warning(
                "%s: the hub's database ended the connection (%s); it is done again.",
                what,
                type(error.orig if isinstance(error, DBAPIError) else error).__name__,
            )
        time.sleep(hub.settings.pull_pause_seconds * 2**attempt)
    return call()
