"""The ledger: an entry for every receipt, decision, release, view and erasure, exported and signed at close.

An entry is one line of canonical JSON, `{"body":…,"index":…,"kind":…}`; its leaf hashes exactly those bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from jendela.crypto import Keyring
from jendela.evidence.checkpoint import Checkpoint, sign, verifier
from jendela.evidence.merkle import Frontier, leaf_hash
from jendela.model.errors import EvidenceError
from jendela.store.artefacts import write_whole
from jendela.store.engine import DRY_RUN
from jendela.store.hub import Hub
from jendela.store.slices import sync_folder
from jendela.store.tables import ledger_leaf, receipt

LOG, HASHES, PUBLIC_KEY, LATEST, CHECKPOINTS = (
    "log.jsonl",
    "log.hashes",
    "ledger.pub",
    "checkpoint",
    "checkpoints",
)

# Any number that nobody else uses as an advisory lock in the hub's database.
APPEND_LOCK = 0x4A454C47
SLICE = 10_000  # entries read at once


def append(conn: Connection, kind: str, body: Mapping[str, Any]) -> int:
    """The index of the new entry, written in the caller's transaction. A dry run counts it and leaves none.

    Args:
        kind: receipt, decision, release, view, erasure or retention. A retention's body names what is gone:
            `{"removed": [path or folder, …]}`, relative to the state folder, and how many rows were emptied:
            `{"held_rows": {"emptied": 3, "settled_before": day}}`; either, or both.
        body: JSON values, never a personal one: the log is public to auditors and kept for ever.
    """
    rehearsed = bool(conn.get_execution_options().get(DRY_RUN, False))
    if conn.dialect.name == "postgresql" and not rehearsed:
        # Entries have no gaps: writers wait for each other's commit (SQLite has one writer anyway).
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPEND_LOCK})")
    last = conn.execute(select(func.max(ledger_leaf.c.idx))).scalar()
    index = 0 if last is None else last + 1
    if rehearsed:
        return max(index, (conn.execute(select(func.max(receipt.c.leaf))).scalar() or 0) + 1)
    entry = {"body": body, "index": index, "kind": kind}
    line = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    row = {"idx": index, "kind": kind, "body": line, "leaf_hash": leaf_hash(line.encode()).hex()}
    conn.execute(insert(ledger_leaf).values(row))
    return index


def export(hub: Hub) -> Checkpoint | None:
    """The checkpoint of the log as it now lies in `evidence/`, signed; None in a dry run or without entries.

    Call it after the closing transaction. Called again it finishes what a crash left, or changes nothing.

    Raises:
        EvidenceError: what was exported before is not the beginning of the log now; nothing is written then.
    """
    if hub.dry_run:
        return None
    folder = hub.state / "evidence"
    (folder / CHECKPOINTS).mkdir(parents=True, exist_ok=True)
    signed = _signed_before(folder, hub.keyring)
    tree = Frontier()
    with hub.reading() as conn, _Appended(folder / LOG) as log, _Appended(folder / HASHES) as hashes:
        for line, hashed in _entries(conn):
            if leaf_hash(line) != hashed:
                raise EvidenceError(f"Entry {tree.size} of the ledger was changed in the database.")
            tree.add(hashed)
            log.expect(line + b"\n")
            hashes.expect(hashed.hex().encode() + b"\n")
            if signed and tree.size == signed.size and tree.root != signed.root:
                raise EvidenceError(f"The first {signed.size} entries are not those that were signed before.")
        if signed and tree.size < signed.size:
            raise EvidenceError(f"{signed.size} entries were signed before; the database has {tree.size}.")
        log.end()
        hashes.end()
    if tree.size == 0:
        return None
    log.append()
    hashes.append()
    now = Checkpoint(tree.size, tree.root)
    note = sign(hub.keyring, now)
    # The numbered one first: after a crash between the two, the latest is still one that is there.
    for file in (folder / CHECKPOINTS / str(now.size), folder / LATEST):
        if not file.exists() or file.read_bytes() != note:
            write_whole(file, note)
    return now


def _signed_before(folder: Path, keyring: Keyring) -> Checkpoint | None:
    key, public = verifier(keyring), folder / PUBLIC_KEY
    if not public.exists():
        write_whole(public, f"{key.text()}\n".encode())
    elif public.read_text(encoding="utf-8") != f"{key.text()}\n":
        raise EvidenceError(f"{public} is not the public key of this hub's root key.")
    latest = folder / LATEST
    return key.open(latest.read_bytes()) if latest.exists() else None


def _entries(conn: Connection) -> Iterator[tuple[bytes, bytes]]:
    """Every entry's bytes and its stored hash, in order; a gap is an error."""
    index = 0
    while True:
        query = select(ledger_leaf).where(ledger_leaf.c.idx >= index).order_by(ledger_leaf.c.idx).limit(SLICE)
        rows = conn.execute(query).all()
        for row in rows:
            if row.idx != index:
                raise EvidenceError(f"Entry {index} of the ledger is missing in the database.")
            yield row.body.encode(), bytes.fromhex(row.leaf_hash)
            index += 1
        if len(rows) < SLICE:
            return


class _Appended:
    """A file that only grows: what is there must begin what is expected; only then is the rest added."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._tail = bytearray()

    def __enter__(self) -> _Appended:
        self.file.touch()
        self._old = self.file.open("rb")
        return self

    def __exit__(self, *_: object) -> None:
        self._old.close()

    def expect(self, data: bytes) -> None:
        """The next bytes of the file. A crash may have left only the beginning of them."""
        there = self._old.read(len(data))
        if there != data[: len(there)]:
            raise EvidenceError(f"{self.file} was changed after its export: the ledger begins otherwise.")
        self._tail += data[len(there) :]

    def end(self) -> None:
        """Nothing more is expected."""
        if self._old.read(1):
            raise EvidenceError(f"{self.file} has more entries than the ledger: the database was set back.")

    def append(self) -> None:
        """Add what was not there yet, and make it last."""
        if self._tail:
            with self.file.open("ab") as out:
                out.write(self._tail)
                out.flush()
                os.fsync(out.fileno())
            sync_folder(self.file.parent)
