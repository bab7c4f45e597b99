"""Connections to the hub database, set up so that both databases behave alike and processes can share it."""

from __future__ import annotations

from typing import Any

from psycopg.pq import Format
from sqlalchemy import URL, Connection, Engine, create_engine, event

from jendela.model.errors import WrongUseError
from jendela.model.loopback import asked_of, leaves
from jendela.store.write_back import LONGEST_LOG

# A writer waits this long for the other one: longer than any single transaction of a night.
BUSY_SECONDS = 120

CACHE_KIB = 131_072
MAPPED_BYTES = 1 << 36

# Execution options of a connection: it only reads; what it does will be undone.
READING = "jendela_reading"
DRY_RUN = "jendela_dry_run"
# Of a statement: PostgreSQL sends its rows as it has them. As text, bytes are twice as many.
BINARY = "jendela_binary"
# What libpq's `sslmode` must say where a connection leaves this machine.
VERIFIED = ("verify-full", "verify-ca")


def make_engine(url: str) -> Engine:
    """An engine for the hub database at `url`: SQLite (a file) or PostgreSQL (psycopg 3).

    Raises:
        WrongUseError: the server is on another machine, and the URL does not have it verified.
    """
    # Errors would quote rows. A server that was restarted while an agency was read left dead connections.
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    _require_verified(engine.url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "before_cursor_execute", _answer_in_binary)
    return engine


def _require_verified(url: URL) -> None:
    """What is not sealed of the register, and the password, would travel in clear, or to whoever answers."""
    trusted = url.get_backend_name() == "sqlite" or asked_of(url).get("sslmode") in VERIFIED
    if not trusted and leaves(url):
        raise WrongUseError(
            "hub_url: The hub's database is on another machine, and the URL does not have its server "
            "verified. Write `?sslmode=verify-full&sslrootcert=FILE` behind it, FILE being its authority's "
            "certificate; where the server has no TLS, reach it through a tunnel that ends on this machine."
        )


def _prepare_sqlite(dbapi: Any, _record: Any) -> None:
    # sqlite3's own transactions begin late, and two writers can meet in a deadlock: we begin ourselves.
    dbapi.isolation_level = None
    # The time-out comes first: switching to WAL takes a lock itself.
    dbapi.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    dbapi.execute("PRAGMA journal_mode = WAL")
    dbapi.execute("PRAGMA synchronous = FULL")
    dbapi.execute(f"PRAGMA wal_autocheckpoint = {LONGEST_LOG}")
    dbapi.execute("PRAGMA foreign_keys = ON")
    # A night looks some thousand records up in a register of millions: pages and staging stay in memory.
    dbapi.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    dbapi.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
    dbapi.execute("PRAGMA temp_store = MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at once: of two that read first, neither could go on to write.
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _prepare_postgresql(dbapi: Any, _record: Any) -> None:
    # COPY gives dates and times as text: their form must not depend on the server's configuration.
    dbapi.execute("SET TIME ZONE 'UTC'")
    dbapi.execute("SET datestyle TO 'ISO'")
    dbapi.commit()


def _answer_in_binary(*told: Any) -> None:
    """Told by SQLAlchemy: connection, cursor, statement, parameters, context, and whether they are many."""
    _, cursor, _, _, context, _ = told
    if context is not None and context.execution_options.get(BINARY, False):
        cursor.format = Format.BINARY
