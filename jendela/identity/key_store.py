"""Where the hub keeps its blocking keys: in runs, a night's in one of its own, which are moved up by levels.

A night's keys lie anywhere among those of the register. Put into one ordered table, each would change another
page of it: hundreds of megabytes for ten thousand records, and ever more as the register grows. They are
written as a run of their own instead; when a level holds many keys or many runs, these become one run of the
next. Looking a key up asks every run.

A number belongs to what a record said at one time, and is given once. A record that changes gets another
number and new keys; the old keys, of a number that is no more, are never met and go when their level moves.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from sqlalchemy import Connection, delete, func, select, update

from jendela.identity import forgotten, key_runs
from jendela.identity.key_runs import Longs, Run
from jendela.store import tables

# How many keys a level holds; the last holds all the others.
ROOM = (1_000_000, 16_000_000)
LAST = len(ROOM)
# How many runs a level holds, however short: each is asked for every key.
RUNS = 16
# Of a block that may be full of forgotten numbers, so many times more are read each time.
MORE = 8
_record, _fit = tables.identity_record, tables.identity_fit


def keep(conn: Connection, keys: pl.DataFrame) -> None:
    """Store `key, number` of tonight's records."""
    ordered = keys.sort("key", "number")
    level = 0 if key_runs.runs(conn) else LAST
    key_runs.add(conn, level, ordered["key"].to_numpy(), ordered["number"].to_numpy())
    for full, room in enumerate(ROOM):
        held = [run for run in key_runs.runs(conn) if run.level == full]
        if sum(run.size for run in held) <= room and len(held) <= RUNS:
            break
        _move(conn, held)


def start_anew(conn: Connection) -> None:
    """Forget all keys and all records, and count from 1: everybody is judged again."""
    for table in (tables.identity_key, tables.identity_run, tables.identity_forgotten, _record):
        conn.execute(delete(table))
    conn.execute(update(_fit).values(numbered=0))


def last_number(conn: Connection) -> int:
    """The last number that was given; its record may be forgotten since."""
    highest = (select(func.max(column)).scalar_subquery() for column in (_record.c.number, _fit.c.numbered))
    return max(int(number or 0) for number in conn.execute(select(*highest)).one())


def give(conn: Connection, count: int) -> range:
    """So many numbers that no record has had."""
    last = last_number(conn)
    conn.execute(update(_fit).values(numbered=last + count))
    return range(last + 1, last + 1 + count)


def every(conn: Connection) -> Iterator[tuple[Longs, Longs]]:
    """All keys and their numbers, some of which may be of no record any longer, by slices."""
    for run in key_runs.runs(conn):
        yield from key_runs.entries(conn, run)


def before(conn: Connection, asked: pl.DataFrame, first: int) -> pl.DataFrame:
    """`key, number` of the numbers below `first` that have one of these keys: at least `most` of each, if
    there are so many; a few more of some.

    Args:
        asked: `key, most`, each key once.
    """
    wanted = asked.sort("key")
    keys, most = wanted["key"].to_numpy(), wanted["most"].to_numpy()
    found = [(keys[:0], keys[:0])]
    for run in key_runs.runs(conn) if len(keys) else ():
        found += key_runs.found(conn, run, keys, most)
    both = (np.concatenate(part) for part in zip(*found, strict=True))
    return pl.DataFrame(dict(zip(("key", "number"), both, strict=True))).filter(pl.col("number") < first)


def known(
    conn: Connection, asked: pl.DataFrame, read: pl.DataFrame, first: int, leaving: pl.Series
) -> pl.DataFrame:
    """The same of numbers that a record has still, at most `most` of each.

    Args:
        read: what `before` gave for these keys.
        leaving: numbers that no record has any longer, though that is not stored yet.
    """
    done, factor = [pl.DataFrame(schema={"key": pl.Int64, "number": pl.Int64, "most": pl.Int64})], 1
    while not asked.is_empty():
        still = pl.Series(forgotten.still(conn, read["number"].to_numpy()), dtype=pl.Boolean)
        live = read.filter(still & ~read["number"].is_in(leaving.implode()))
        counts = asked.join(read.group_by("key").agg(read=pl.len()), on="key", how="left")
        counts = counts.join(live.group_by("key").agg(live=pl.len()), on="key", how="left").fill_null(0)
        # Enough of them are there, or all have been read.
        settled = (pl.col("live") >= pl.col("most")) | (pl.col("read") < pl.col("most") * factor)
        done.append(live.join(counts.filter(settled).select("key", "most"), on="key"))
        asked = counts.filter(~settled).select("key", "most")
        factor *= MORE
        read = before(conn, asked.with_columns(pl.col("most") * factor), first)
    ordered = pl.concat(done).sort("key", "number")
    return ordered.filter(pl.int_range(pl.len()).over("key") < pl.col("most")).select("key", "number")


def _move(conn: Connection, held: list[Run]) -> None:
    """The keys of these runs that still belong to a record, as one run of the next level."""
    read = [part for run in held for part in key_runs.entries(conn, run)]
    keys, numbers = (np.concatenate(column) for column in zip(*read, strict=True))
    live = forgotten.still(conn, numbers)
    moved = pl.DataFrame({"key": keys[live], "number": numbers[live]}).sort("key", "number")
    key_runs.remove(conn, held)
    key_runs.add(conn, held[0].level + 1, moved["key"].to_numpy(), moved["number"].to_numpy())
