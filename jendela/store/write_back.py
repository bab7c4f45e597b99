"""SQLite's log goes back into the database beside the work, not in the way of it.

A commit is lasting once its pages are in the write-ahead log and on the disk. Bringing each to its place in
the database costs a large step as much again, and need not be waited for: a thread does it, as PostgreSQL's
checkpointer does. Killed half-way it has lost nothing: the log is there until all of it is in its place.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress

from sqlalchemy import Engine

# Changed rows after which it is worth while; until then the log is short.
CHANGES = 1_000
# Pages from which on a commit brings the log back itself, should nobody else: one gigabyte.
LONGEST_LOG = 262_144


class WriteBack:
    """For one database; nothing to do where it is not a file of SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._file = engine.url.database if engine.dialect.name == "sqlite" else None
        self._changes = 0
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None

    def committed(self, changes: int) -> None:
        """So many rows were changed and committed; the log is brought back if it may be long by now."""
        if self._file is None:
            return
        with self._turn:
            self._changes += changes
            running = self._thread is not None and self._thread.is_alive()
            if self._changes < CHANGES or running:
                return
            self._changes = 0
            self._thread = threading.Thread(target=_bring_back, args=(self._file,), name="write-back")
            self._thread.start()

    def wait(self) -> None:
        """Until the log that is being brought back is in its place."""
        if self._thread is not None:
            self._thread.join()


def _bring_back(file: str) -> None:
    conn = sqlite3.connect(file)
    try:
        # Passive: it waits for no reader and no writer, and takes what is there.
        # Where there is no room for it the log stays: the next commit says so.
        with suppress(sqlite3.OperationalError):
            conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    finally:
        conn.close()
