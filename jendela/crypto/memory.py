"""SQL over frames, in databases of DuckDB in memory that are opened once.

Opening one costs twenty milliseconds, as much again its first query; a night asks some thirty times.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import duckdb
import polars as pl

_turn = threading.Condition()
_free: list[duckdb.DuckDBPyConnection] = []
_lent = 0


def query(
    sql: str, frames: Mapping[str, pl.DataFrame], values: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """The answer to `sql` over these frames by name; `values` are its parameters."""
    with _database() as database:
        for name, frame in frames.items():
            database.register(name, frame.to_arrow())
        try:
            answer = pl.from_arrow(database.sql(sql, params=values or None).to_arrow_table())
        finally:
            for name in frames:
                database.unregister(name)
    assert isinstance(answer, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
    return answer


@contextmanager
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that nobody else uses meanwhile."""
    global _lent  # noqa: PLW0603 - of the process, as its databases are
    with _turn:
        _lent += 1
        database = _free.pop() if _free else None
    try:
        database = database or duckdb.connect()
        yield database
    finally:
        with _turn:
            _lent -= 1
            if database is not None:
                _free.append(database)
            _turn.notify_all()


def _close_before_fork() -> None:
    """A child that inherits an open database, but none of its threads, dies when it ends."""
    _turn.acquire()
    _turn.wait_for(lambda: _lent == 0)
    while _free:
        _free.pop().close()


os.register_at_fork(before=_close_before_fork, after_in_parent=_turn.release, after_in_child=_turn.release)
