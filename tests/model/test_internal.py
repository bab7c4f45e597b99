"""What is said of an error that nobody foresaw, and of a disk that is full."""

from __future__ import annotations

import errno
import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from jendela.model.errors import InternalError, NoRoomError
from jendela.model.internal import internal
from jendela.store.again import passes


def full_sqlite():
    """The error of a database that may not grow."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE t (a)")
    conn.execute("PRAGMA max_page_count = 2")
    try:
        conn.execute("INSERT INTO t VALUES (zeroblob(100000))")
    except sqlite3.OperationalError as error:
        return error
    finally:
        conn.close()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        full_sqlite(),
        sa.exc.OperationalError("INSERT Siti", {}, full_sqlite()),
        psycopg.errors.DiskFull("Siti"),
        sa.exc.OperationalError("INSERT Siti", {}, psycopg.errors.DiskFull("Siti")),
    ],
)
def test_a_full_disk_is_told_as_that_and_asked_no_second_time(error):
    """Whichever of them is full: what to do is said, and no row."""
    told = internal(error)
    assert isinstance(told, NoRoomError)
    assert "make room, and run it again" in str(told)
    assert "Siti" not in str(told)
    assert not passes(error)


def test_everything_else_is_told_by_its_kind():
    """As before, and without what its text quotes."""
    told = internal(ValueError("Siti"))
    assert type(told) is InternalError
    assert str(told).startswith("internal error ValueError at ")
