"""Runs of blocking keys: ordered by key, cut into chunks of a page, with a directory of where each begins.

A key as a row of its own costs a statement to write and a search to find. A night has ten keys a record and
asks for each: chunks are read as they lie, and thousands of keys are found in them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import Connection, delete, func, insert, select

from jendela.store import frames, tables

Longs = npt.NDArray[np.int64]
Fours = npt.NDArray[np.uint32]
_run, _chunk = tables.identity_run, tables.identity_key

KEY, NUMBER = np.dtype("<i8"), np.dtype("<u4")
# A chunk and its row are just under one page of SQLite's.
CHUNK = 336
# Chunks read at once: sixteen megabytes. And those looked through at once, which the processor's cache holds.
SLICE, LOOKED_AT = 4_096, 128
# Where of so many chunks one is wanted, all are read.
DENSE = 3


@dataclass(frozen=True)
class Run:
    """One run: its chunks have the numbers from `first` on, and `begins` has the first key of each."""

    run: int
    level: int
    size: int
    first: int
    begins: Longs

    @property
    def chunks(self) -> range:
        """The numbers of its chunks."""
        return range(self.first, self.first + len(self.begins))


def runs(conn: Connection) -> list[Run]:
    """All runs, the oldest first."""
    rows = conn.execute(select(_run).order_by(_run.c.run)).all()
    return [Run(r.run, r.level, r.size, r.first, np.frombuffer(r.begins, dtype=KEY)) for r in rows]


def add(conn: Connection, level: int, keys: Longs, numbers: Longs) -> None:
    """Write a run: `keys` in order, equal ones in order of their `numbers`.

    Raises:
        OverflowError: a number needs more than four bytes.
    """
    if not len(keys):
        return
    if int(numbers.max()) > np.iinfo(NUMBER).max:
        raise OverflowError("A mention has a number that blocking keys have no room for.")
    # What is no more had the highest number perhaps; a number is only for order.
    first = int(conn.execute(select(func.coalesce(func.max(_chunk.c.chunk), 0))).scalar_one()) + 1
    run = int(conn.execute(select(func.coalesce(func.max(_run.c.run), 0))).scalar_one()) + 1
    begins = keys[::CHUNK].astype(KEY)
    for start in range(0, len(begins), SLICE):
        part = slice(start * CHUNK, (start + SLICE) * CHUNK)
        packed = _packed(keys[part], numbers[part])
        chunks = range(first + start, first + start + len(packed))
        frames.load(conn, _chunk, pl.DataFrame({"chunk": chunks, "entries": packed}))
    row = {"run": run, "level": level, "size": len(keys), "first": first, "begins": begins.tobytes()}
    conn.execute(insert(_run).values(row))


def remove(conn: Connection, gone: Sequence[Run]) -> None:
    """Delete these runs."""
    for run in gone:
        chunk = _chunk.c.chunk
        conn.execute(delete(_chunk).where(chunk.between(run.chunks.start, run.chunks.stop - 1)))
        conn.execute(delete(_run).where(_run.c.run == run.run))


def entries(conn: Connection, run: Run) -> Iterator[tuple[Longs, Longs]]:
    """All keys and numbers of a run, in order, by slices."""
    for start in range(0, len(run.begins), SLICE):
        keys, numbers = _unpacked(
            _read(conn, np.arange(start, min(start + SLICE, len(run.begins))) + run.first)
        )
        yield keys, numbers.astype(np.int64)


def found(conn: Connection, run: Run, asked: Longs, most: Longs) -> Iterator[tuple[Longs, Longs]]:
    """Keys and numbers of `run` whose key is one of `asked` (different ones, in order); of each at least the
    first `most`, those of the lowest numbers, if there are so many.
    """
    low = np.maximum(np.searchsorted(run.begins, asked, side="left") - 1, 0)
    high = np.maximum(np.searchsorted(run.begins, asked, side="right") - 1, 0)
    # Its first entry may be the last of a chunk: one more than they would fill.
    high = np.minimum(high, low + most // CHUNK + 1)
    for start in range(0, len(run.begins), SLICE):
        here = (low < start + SLICE) & (high >= start)
        if not here.any():
            continue
        sought = asked[here]
        begin, end = np.maximum(low[here], start), np.minimum(high[here], start + SLICE - 1)
        wanted = _wanted(begin, end, start)
        packed, last = _read(conn, wanted + run.first), np.maximum.accumulate(end)
        for at in range(0, len(wanted), LOOKED_AT):
            places = wanted[at : at + LOOKED_AT]
            keys, numbers = _unpacked(packed[at : at + LOOKED_AT])
            # Keys come in order: those before end before, those behind begin behind.
            some = sought[np.searchsorted(last, places[0]) : np.searchsorted(begin, places[-1], side="right")]
            first = np.searchsorted(keys, some, side="left")
            there = keys[np.minimum(first, len(keys) - 1)] == some
            first = first[there]
            count = np.searchsorted(keys, some[there], side="right") - first
            rows = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
            yield keys[rows], numbers[rows].astype(np.int64)


def _wanted(low: Longs, high: Longs, start: int) -> Longs:
    """The places from `low` to `high` of each, once and in order."""
    steps = np.zeros(SLICE + 1, dtype=np.int64)
    np.add.at(steps, low - start, 1)
    np.add.at(steps, high - start + 1, -1)
    return np.flatnonzero(np.cumsum(steps)[:-1]) + start


def _read(conn: Connection, chunks: Longs) -> list[bytes]:
    """These chunks of one run, in order."""
    span = int(chunks[-1]) - int(chunks[0]) + 1
    query = select(_chunk.c.entries).order_by(_chunk.c.chunk)
    if len(chunks) * DENSE >= span:
        between = _chunk.c.chunk.between(int(chunks[0]), int(chunks[-1]))
        rows = frames.fetched(conn, query.where(between))
        return [rows[place][0] for place in (chunks - chunks[0]).tolist()]
    with frames.asked(conn, pl.DataFrame({"chunk": chunks})) as asked:
        rows = frames.fetched(conn, query.join(asked, asked.c.chunk == _chunk.c.chunk))
    return [row[0] for row in rows]


def _packed(keys: Longs, numbers: Longs) -> list[bytes]:
    """Chunks of these entries: the keys of each, then its numbers."""
    keys, numbers = keys.astype(KEY), numbers.astype(NUMBER)
    places = range(0, len(keys), CHUNK)
    return [keys[at : at + CHUNK].tobytes() + numbers[at : at + CHUNK].tobytes() for at in places]


def _unpacked(chunks: list[bytes]) -> tuple[Longs, Fours]:
    """Keys and numbers of chunks, of which only the last of a run is not full."""
    size = CHUNK * (KEY.itemsize + NUMBER.itemsize)
    whole = len(chunks) - (len(chunks[-1]) < size)
    table = np.frombuffer(b"".join(chunks[:whole]), dtype=np.uint8).reshape(whole, size)
    keys = np.ascontiguousarray(table[:, : CHUNK * KEY.itemsize]).view(KEY).ravel()
    numbers = np.ascontiguousarray(table[:, CHUNK * KEY.itemsize :]).view(NUMBER).ravel()
    for rest in chunks[whole:]:
        count = len(rest) // (KEY.itemsize + NUMBER.itemsize)
        keys = np.append(keys, np.frombuffer(rest, dtype=KEY, count=count))
        last = np.frombuffer(rest, dtype=NUMBER, offset=count * KEY.itemsize)
        numbers = np.append(numbers, last)
    return keys.astype(np.int64, copy=False), numbers
