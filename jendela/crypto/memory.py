"""SQL over frames, in a DuckDB in memory that a process opens once.

Opening one costs twenty milliseconds, as much again its first query; a night asks it some thirty times.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

_own = threading.local()
_opening = threading.Lock()
_opened: dict[int, duckdb.DuckDBPyConnection] = {}


def query(
    sql: str, frames: Mapping[str, pl.DataFrame], values: Mapping[str, Any] | None = None
) -> pl.DataFrame:
    """The answer to `sql` over these frames by name; `values` are its parameters."""
    database = _database()
    for name, frame in frames.items():
        database.register(name, frame.to_arrow())
    try:
        answer = pl.from_arrow(database.sql(sql, params=values or None).to_arrow_table())
    finally:
        for name in frames:
            database.unregister(name)
    assert isinstance(answer, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
    return answer


def _database() -> duckdb.DuckDBPyConnection:
    """This thread's own way into the one of this process; a forked process has none of its parent's threads,
    and opens another.
    """
    process = os.getpid()
    if getattr(_own, "process", None) != process:
        with _opening:
            if process not in _opened:
                _opened[process] = duckdb.connect()
            _own.cursor, _own.process = _opened[process].cursor(), process
    cursor: duckdb.DuckDBPyConnection = _own.cursor
    return cursor
