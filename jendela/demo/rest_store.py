"""What a demo office that offers REST has behind its interface: tables of records, and its inbox.

Any table of the records database can be listed. A column `pekerja.nik` is shown as the field `nik` of an
object `pekerja`; one declared `NUMERIC TEXT` as a JSON number in the digits it is stored with, one declared
`BOOLEAN` as true or false; a BLOB is a file, shown as its link and digest. The inbox has one table for each
delivery, with the answer of the agency beside each row, as an SQL inbox has.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENVELOPE = ("delivery_id", "verb", "night", "recipient")
ANSWER = ("ack_status", "ack_at", "ack_reason")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,62}")
_NUMBER = re.compile(r'"\ue000(-?[0-9.eE+-]+)\ue000"')
_INBOX = """
CREATE TABLE IF NOT EXISTS received_batch (key TEXT PRIMARY KEY, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jdl_announcement (
  recipient VARCHAR(40) NOT NULL, delivery VARCHAR(60) NOT NULL, night VARCHAR(10) NOT NULL,
  row_count INTEGER NOT NULL, announced_at VARCHAR(32) NOT NULL, PRIMARY KEY (recipient, delivery, night)
);
"""

Row = Mapping[str, Any]
Refuses = Callable[[Row], str | None]


@dataclass(frozen=True)
class Asked:
    """Which records are asked for: `limit` of them from `start`; changed in `[since, until)`; the order."""

    table: str
    start: int
    limit: int
    since: str | None = None
    until: str | None = None
    sort: str = ""


@dataclass(frozen=True)
class RestStore:
    """The two SQLite files of an office.

    `changed` names the change column of a table, `refuses` says with which code a delivered row is refused at
    once (None: it is taken).
    """

    records: Path
    inbox: Path
    changed: Mapping[str, str]
    refuses: Refuses = lambda row: None

    def listed(self, asked: Asked) -> tuple[list[dict[str, Any]], int] | None:
        """The records and how many there are in all; None where there is no such table."""
        with _open(self.records) as conn:
            columns = {row[1]: row[2].upper() for row in conn.execute(f'PRAGMA table_info("{asked.table}")')}
            if not columns or not _NAME.fullmatch(asked.table):
                return None
            where, values = self._where(asked)
            total = conn.execute(f'SELECT count(*) FROM "{asked.table}"{where}', values).fetchone()[0]
            column, way = asked.sort.removeprefix("-"), "DESC" if asked.sort.startswith("-") else "ASC"
            order = f'"{column}" {way}, rowid' if column in columns else "rowid"
            found = conn.execute(
                f'SELECT rowid, * FROM "{asked.table}"{where} ORDER BY {order} LIMIT ? OFFSET ?',
                [*values, asked.limit, asked.start],
            )
            return [_record(asked.table, columns, row) for row in found], total

    def file(self, table: str, column: str, rowid: int) -> bytes | None:
        """The bytes of one file; None where there is none."""
        if not _NAME.fullmatch(table) or not _NAME.fullmatch(column):
            return None
        with _open(self.records) as conn:
            row = conn.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', [rowid]).fetchone()
        return bytes(row[0]) if row else None

    def take(self, target: str, key: str, rows: Sequence[Row]) -> dict[str, Any]:
        """The answer to a batch: each row is taken once by its `delivery_id`, each batch once by its key."""
        with self._inbox() as conn:
            if done := self._batch(conn, key):
                return done
            names = [*ENVELOPE, *(name for name in rows[0] if name not in ENVELOPE)] if rows else []
            _make_table(conn, target, names)
            received, refused = 0, []
            for row in rows:
                reason = self.refuses(row)
                answer = ["DITOLAK", None, reason] if reason else [None, None, None]
                marks = ", ".join("?" * (len(names) + len(ANSWER)))
                quoted = ", ".join(f'"{name}"' for name in (*names, *ANSWER))
                new = conn.execute(
                    f'INSERT OR IGNORE INTO "{target}" ({quoted}) VALUES ({marks})',
                    [*(row[name] for name in names), *answer],
                ).rowcount
                if reason:
                    refused.append({"delivery_id": row["delivery_id"], "reason": reason})
                else:
                    received += new
            said = {
                "received": received,
                "known": len(rows) - received - len(refused),
                "refused": refused,
            }
            conn.execute("INSERT INTO received_batch VALUES (?, ?)", [key, json.dumps(said)])
            return said

    def batch(self, key: str) -> dict[str, Any] | None:
        """The answer that a batch got; None where it never arrived."""
        with self._inbox() as conn:
            return self._batch(conn, key)

    def announce(self, recipient: str, delivery: str, night: str, rows: int) -> None:
        """Keep how many rows a delivery of a night has."""
        with self._inbox() as conn:
            conn.execute(
                "INSERT OR REPLACE INTO jdl_announcement VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP)",
                [recipient, delivery, night, rows],
            )

    def acks(self, target: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """What the agency has answered to those of these deliveries that it has received."""
        with self._inbox() as conn:
            if not list(conn.execute(f'PRAGMA table_info("{target}")')):
                return []
            found = conn.execute(
                f'SELECT delivery_id, {", ".join(ANSWER)} FROM "{target}"'
                f" WHERE delivery_id IN ({', '.join('?' * len(ids))}) ORDER BY delivery_id",
                list(ids),
            )
            return [dict(row) for row in found]

    def _where(self, asked: Asked) -> tuple[str, list[str]]:
        column = self.changed.get(asked.table)
        bounds = [(f'"{column}" >= ?', asked.since), (f'"{column}" < ?', asked.until)]
        given = [(text, bound) for text, bound in bounds if column and bound is not None]
        where = " AND ".join(text for text, _ in given)
        return f" WHERE {where}" if where else "", [str(bound) for _, bound in given]

    @contextmanager
    def _inbox(self) -> Iterator[sqlite3.Connection]:
        with _open(self.inbox) as conn:
            conn.executescript(_INBOX)
            conn.execute("BEGIN IMMEDIATE")
            yield conn
            conn.commit()

    @staticmethod
    def _batch(conn: sqlite3.Connection, key: str) -> dict[str, Any] | None:
        row = conn.execute("SELECT answer FROM received_batch WHERE key = ?", [key]).fetchone()
        return dict(json.loads(row[0])) if row else None


def written(document: Any) -> bytes:
    """The document as JSON, with numbers in the digits they are stored with."""
    return _NUMBER.sub(r"\1", json.dumps(document, ensure_ascii=False)).encode()


def is_name(text: str) -> bool:
    """Whether a table can be called so."""
    return _NAME.fullmatch(text) is not None


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(path, timeout=10, isolation_level=None)
    conn.row_factory = sqlite3.Row
    try:
        yield conn
    finally:
        conn.close()


def _record(table: str, columns: Mapping[str, str], row: sqlite3.Row) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, declared in columns.items():
        value: Any = row[name]
        if isinstance(value, bytes):
            digest = hashlib.sha256(value).hexdigest()
            value = {"tautan": f"{table}/{name}/{row['rowid']}", "sha256": digest}
        elif value is not None and declared == "NUMERIC TEXT":
            value = f"\ue000{value}\ue000"
        elif value is not None and declared == "BOOLEAN":
            value = bool(value)
        *outer, last = name.split(".")
        node = made
        for part in outer:
            node = node.setdefault(part, {})
        node[last] = value
    return made


def _make_table(conn: sqlite3.Connection, target: str, names: Sequence[str]) -> None:
    there = [row[1].lower() for row in conn.execute(f'PRAGMA table_info("{target}")')]
    if not there and names:
        columns = ", ".join(f'"{name}" TEXT' for name in (*names[1:], *ANSWER))
        conn.execute(f'CREATE TABLE "{target}" ("{names[0]}" TEXT PRIMARY KEY, {columns})')
        return
    for name in names:
        if name.lower() not in there:
            conn.execute(f'ALTER TABLE "{target}" ADD COLUMN "{name}" TEXT')
