"""The last stop of an error that nobody foresaw: its text may quote rows, so only its kind is told."""

from __future__ import annotations

import errno
import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from jendela.model.errors import InternalError, JendelaError, NoRoomError

T = TypeVar("T")

DISK_FULL = "53100"  # PostgreSQL's disk_full
OURS = tuple(str(Path(__file__).parents[2] / package) + "/" for package in ("jendela", "connectors"))


def internal(error: BaseException) -> InternalError:
    """What may be said of an error: its class, and the last place in our own code that it came through.

    A full disk is told as that: it wants room, and no report.
    """
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(OURS)]
    place = f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "an unknown place"
    return (NoRoomError if _full(error) else InternalError)(type(error).__name__, place)


def _full(error: BaseException) -> bool:
    said = getattr(error, "orig", None) or error  # SQLAlchemy's wrapping
    return (
        (isinstance(said, OSError) and said.errno in (errno.ENOSPC, errno.EDQUOT))
        or getattr(said, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        or getattr(said, "sqlstate", None) == DISK_FULL
    )


def without_values(call: Callable[[], T]) -> T:
    """What `call` gives back; for a scheduler, which logs whatever is raised, with all that it is chained to.

    Raises:
        JendelaError: as `call` does; their texts carry no values.
        InternalError: `call` raised something else; it is neither cause nor context of what is raised.
    """
    try:
        return call()
    except JendelaError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever it is, its text goes no further
        found = internal(error)
    raise found
