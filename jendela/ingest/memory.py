"""What the hub remembers of a feed between nights, and what of it never reached the register."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl
from sqlalchemy import Connection, func, select

from jendela.crypto import Keyring
from jendela.privacy import places
from jendela.store import frames, tables
from jendela.store.batches import SETTLED

KNOWN = ("record_id", "row_hash", "outcome", "deleted_seq", "as_of")


@dataclass(frozen=True)
class Seen:
    """The files of a drop feed that were taken: (name, sha256) is asked for in clear, kept are hashes."""

    keyring: Keyring | None
    files: frozenset[tuple[str, str]]

    def __contains__(self, file: object) -> bool:
        """Whether a file of this name and content was taken."""
        if self.keyring is None or not isinstance(file, tuple) or file[1] not in self.digests:
            return False
        return (places.hashed(self.keyring, file[0]), file[1]) in self.files

    @cached_property
    def digests(self) -> frozenset[str]:
        """The SHA-256 of all of them."""
        return frozenset(sha256 for _, sha256 in self.files)


NOTHING_SEEN = Seen(None, frozenset())


@dataclass(frozen=True)
class Memory:
    """Where a feed stopped, how many rows there were, the night of its last key sweep (None: due).

    `again` says that batches since the last merged one never reached the register (halted, or their night was
    not finished): the feed is read from where the first of them began, `again_from` (None: the beginning).
    """

    watermark: str | None = None
    last_rows: int | None = None
    last_sweep_seq: int | None = None
    new: bool = True
    again: bool = False
    again_from: str | None = None
    as_of: str | None = None


def remembered(conn: Connection, feed: str, seq: int) -> Memory:
    """The memory of a feed before night `seq`."""
    state, batch = tables.feed_state.c, tables.batch.c
    row = conn.execute(
        select(state.watermark, state.last_rows, state.last_sweep_seq, state.as_of).where(state.feed == feed)
    ).one_or_none()
    settled = select(func.coalesce(func.max(batch.seq), 0)).where(
        batch.feed == feed, batch.state.in_(SETTLED)
    )
    manifests = conn.execute(
        select(batch.manifest).where(
            batch.feed == feed, batch.seq > settled.scalar_subquery(), batch.seq < seq
        )
    ).scalars()
    lows = [json.loads(manifest)["window"]["low"] for manifest in manifests]
    again_from = None if None in lows else min(lows, key=lambda low: (len(low), low), default=None)
    if row is None:
        return Memory(again=bool(lows), again_from=again_from)
    return Memory(row.watermark, row.last_rows, row.last_sweep_seq, False, bool(lows), again_from, row.as_of)


def known_rows(conn: Connection, feed: str, records: pl.Series) -> pl.DataFrame:
    """`record_id, row_hash, outcome, deleted_seq, as_of` of these records of the feed."""
    keys = pl.DataFrame({"record_id": records.unique()}).select(pl.lit(feed).alias("feed"), "record_id")
    return frames.matching(conn, tables.source_row, keys).select(KNOWN)


def all_known_rows(conn: Connection, feed: str) -> Iterator[pl.DataFrame]:
    """The same of all records of the feed, by slices."""
    table = tables.source_row
    yield from frames.slices(conn, select(*(table.c[name] for name in KNOWN)).where(table.c.feed == feed))


def seen_files(conn: Connection, keyring: Keyring, feed: str) -> Seen:
    """The feed's files whose batch reached the register or was discarded."""
    file, batch = tables.landed_file.c, tables.batch.c
    query = (
        select(file.name, file.sha256)
        .join(tables.batch, batch.batch_id == file.batch_id)
        .where(file.feed == feed, batch.state.in_(SETTLED))
    )
    return Seen(keyring, frozenset((name, sha256) for name, sha256 in conn.execute(query)))
