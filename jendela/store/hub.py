"""The hub as a process has it open: settings, agreements, keys, database, artefacts, ways to the agencies."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from jendela.crypto.hashes import SCHEME
from jendela.crypto.keyring import Keyring
from jendela.model.config import Settings
from jendela.model.errors import KeyMissingError, WrongUseError
from jendela.model.ports import Connector
from jendela.store.ahead import AtOnce
from jendela.store.artefacts import Artefacts, write_whole
from jendela.store.engine import DRY_RUN, READING, make_engine
from jendela.store.migrations import migrate
from jendela.store.processes import started
from jendela.store.write_back import WriteBack

if TYPE_CHECKING:  # a type of the layer above, so that what it hands on is checked where it is used
    from jendela.contracts.agreements import Agreements

# New objects after which Python looks for garbage in circles. Rows are fetched as tuples, by ten thousands,
# and none is in a circle: looked at every 700 of them, as is the default, they cost a fifteenth of a night.
GARBAGE = 50_000


@dataclass
class Hub:
    """Open from `Hub.open` to `close`; usable as a context manager.

    `agreements` are the loaded agreements; this layer only hands them on. `state` is the folder that paths
    in digests are relative to. `begin` writes to `engine`; the lease lies in `live`, the real database.
    In a dry run `state` is a scratch folder over the real one, and `engine` a copy in it (SQLite), or
    everything happens in one transaction that `close` rolls back (PostgreSQL).
    """

    settings: Settings
    agreements: Agreements
    keyring: Keyring
    live: Engine
    engine: Engine
    state: Path
    artefacts: Artefacts
    dry_run: bool
    connector: Callable[[str, str, str], Connector]
    resolve: Callable[[str], str]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _outer: Connection | None = None
    _write_back: WriteBack | None = None
    _turn: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def open(
        cls,
        *,
        settings: Settings,
        agreements: Agreements,
        keyring: Keyring,
        connector: Callable[[str, str, str], Connector],
        resolve: Callable[[str], str],
        dry_run: bool = False,
    ) -> Hub:
        """The hub of these settings, its state folder made and its database migrated.

        Args:
            connector: (transport, office, url) to the connector.
            resolve: the name of a connection to its URL, asked only when the agency is.

        Raises:
            KeyMissingError: the state was made with another root key.
        """
        gc.set_threshold(GARBAGE, *gc.get_threshold()[1:])
        settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        _same_root_key(settings.state / "key.id", keyring)
        live = make_engine(settings.database_url)
        try:
            migrate(live, keyring)
        except BaseException:
            live.dispose()  # nobody will have a hub to close
            raise
        hub = cls(
            settings=settings,
            agreements=agreements,
            keyring=keyring,
            live=live,
            engine=live,
            state=settings.state,
            artefacts=Artefacts(settings.state, keyring),
            dry_run=dry_run,
            connector=connector,
            resolve=resolve,
        )
        if dry_run:
            hub._rehearse()
        hub._write_back = WriteBack(hub.engine)
        return hub

    def _rehearse(self) -> None:
        real = self.state
        own = f"dry-run-{socket.gethostname()}"
        for left in real.glob("dry-run-*-*-*"):  # by a rehearsal on this host that was killed
            whose, pid, _ = left.name.rsplit("-", 2)  # not by its beginning: a host may be called `worker-1`
            if whose == own and started(int(pid)) is None:
                shutil.rmtree(left, ignore_errors=True)
        self.state = Path(tempfile.mkdtemp(prefix=f"{own}-{os.getpid()}-", dir=real))
        self.artefacts = Artefacts(self.state, self.keyring, beneath=real)
        if self.live.dialect.name == "sqlite":
            # A copy, because SQLite has one writer: a rehearsal must not keep the real night waiting.
            copy = self.state / "hub.sqlite"
            _copy_sqlite(self.live, copy)
            self.engine = make_engine(f"sqlite:///{copy}")
        else:
            self._outer = self.engine.connect().execution_options(**{DRY_RUN: True})
            self._outer.begin()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed after the block, undone if it raises; in a dry run undone at last."""
        if self._outer is not None:
            with self._turn, self._outer.begin_nested():
                yield self._outer
            return
        with self.engine.connect() as conn:
            conn = conn.execution_options(**{DRY_RUN: self.dry_run})
            before = _changes(conn)
            with conn.begin():
                yield conn
            if self._write_back is not None:
                self._write_back.committed(_changes(conn) - before)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One unchanging view of the database that keeps no writer waiting; what it writes is undone."""
        if self._outer is not None:
            with self._turn, self._outer.begin_nested() as savepoint:
                yield self._outer
                savepoint.rollback()
            return
        with self.engine.connect() as conn:
            level = {} if conn.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
            conn = conn.execution_options(**{READING: True, **level})
            with conn.begin() as view:
                yield conn
                view.rollback()

    def beside(self) -> Executor:
        """Somebody who may be `reading` what was committed while this thread writes.

        A rehearsal on PostgreSQL has one connection for all: there what is asked for is done at once.
        """
        return AtOnce() if self._outer is not None else ThreadPoolExecutor(1, "beside")

    def connect(self, office: str, purpose: str) -> Connector:
        """The connector to an office's own data (`read`) or to its inbox (`inbox`), credentials resolved.

        Raises:
            WrongUseError: the office or its connection is not configured.
        """
        known = self.agreements.offices.get(office)
        if known is None:
            raise WrongUseError(f"There is no office {office} in the agreements.")
        if purpose == "inbox":
            return self.connector(known.inbox_transport, office, self.resolve(known.inbox_connection))
        if purpose != "read":
            raise WrongUseError(f"An office is connected to for `read` or `inbox`, not for {purpose!r}.")
        return self.connector(known.transport, office, self.resolve(known.connection))

    def settle(self) -> None:
        """Wait until what was committed is in its place in the database file."""
        if self._write_back is not None:
            self._write_back.wait()

    def close(self) -> None:
        """Give everything back; a dry run leaves nothing behind."""
        self.settle()
        if self._outer is not None:
            self._outer.rollback()
            self._outer.close()
        self.engine.dispose()
        self.live.dispose()
        if self.dry_run:
            shutil.rmtree(self.state, ignore_errors=True)

    def __enter__(self) -> Hub:
        """The hub itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def _changes(conn: Connection) -> int:
    """Rows changed on this connection since it was opened; 0 where the database does not tell."""
    return int(getattr(conn.connection.driver_connection, "total_changes", 0))


def _same_root_key(file: Path, keyring: Keyring) -> None:
    """Refuse another root key, or another way to hash with it: under it every record would get a new id, and
    all would come as new.
    """
    if not file.exists():
        write_whole(file, f"{keyring.fingerprint} {SCHEME}\n".encode())
        return
    key, _, scheme = file.read_text(encoding="ascii").strip().partition(" ")
    if key != keyring.fingerprint:
        raise KeyMissingError(
            f"The root key from {keyring.origin} is not the one that made this state ({file} says which). "
            "Configure that one as the last key; a new key goes before it."
        )
    if scheme != SCHEME:
        raise KeyMissingError(
            f"An earlier, unreleased Jendela made this state, with other keyed hashes ({file} says "
            f"{scheme or 'nothing'}, now they are {SCHEME}). Begin with a new state folder and hub database."
        )


def _copy_sqlite(live: Engine, copy: Path) -> None:
    with live.connect() as conn, sqlite3.connect(copy) as target:
        raw: Any = conn.connection.driver_connection
        raw.backup(target)
    target.close()
