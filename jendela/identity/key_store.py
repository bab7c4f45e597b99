"""Where the hub keeps its blocking keys: in levels, each ordered by key.

A night's keys lie anywhere among those of the register. Put into one ordered table, each would change another
page of it: hundreds of megabytes for ten thousand records, and ever more as the register grows. They go into
a small level instead, which the database keeps in memory; a level that is full is moved into the next, in
order. Looking a key up asks every level.

A number belongs to what a record said at one time, and is given once. A record that changes gets another
number and new keys; the old keys, of a number that is no more, are never met and go when their level moves.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from jendela.store import frames, tables

# How many keys a level holds; the last holds all the others.
ROOM = (1_000_000, 16_000_000)
LAST = len(ROOM)
LEVELS = range(LAST + 1)
_key, _record, _fit = tables.identity_key, tables.identity_record, tables.identity_fit


def keep(conn: Connection, keys: pl.DataFrame) -> None:
    """Store `key, number` of tonight's records."""
    level = 0 if any(_holds(conn, level) for level in LEVELS) else LAST
    leveled = keys.select(pl.lit(level, pl.Int64).alias("level"), "key", "number")
    frames.load(conn, _key, leveled.sort("key", "number"))
    for full, room in enumerate(ROOM):
        if _held(conn, full) <= room:
            break
        _move(conn, full)


def start_anew(conn: Connection) -> None:
    """Forget all keys and all records, and count from 1: everybody is judged again."""
    conn.execute(delete(_key))
    conn.execute(delete(_record))
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


def is_key(wanted: ColumnElement[int]) -> ColumnElement[bool]:
    """The rows with this key, in every level: without their numbers a database would read the whole table."""
    return _key.c.level.in_(LEVELS) & (_key.c.key == wanted)


def before(conn: Connection, asked: pl.DataFrame, first: int, *, known: bool = False) -> pl.DataFrame:
    """`key, number` of the numbers below `first` that have one of these keys, at most `most` of each.

    Args:
        asked: `key, most`, each key once.
        known: only numbers that a record has still.
    """
    found = [pl.DataFrame(schema={"key": pl.Int64, "number": pl.Int64})]
    levels = [level for level in LEVELS if _holds(conn, level)]
    if not levels or asked.is_empty():
        return found[0]
    source = _key.join(_record, _record.c.number == _key.c.number) if known else _key
    with frames.staged(conn, asked.sort("key")) as stage:
        older = (_key.c.level.in_(levels), _key.c.key == stage.c.key, _key.c.number < first)
        anybody = exists().where(*older)
        for most in asked["most"].unique().sort():
            some = select(_key.c.number).select_from(source).where(*older).correlate(stage).limit(most)
            # One text a key: as rows of their own they would be looked for once to count, once to read.
            number = cast(some.subquery("some").c.number, Text)
            listed = select(func.aggregate_strings(number, ",")).scalar_subquery()
            query = select(stage.c.key, listed.label("number")).where(stage.c.most == most, anybody)
            read = frames.read(conn, query).drop_nulls()
            found.append(read.with_columns(pl.col("number").str.split(",")).explode("number").cast(pl.Int64))
    return pl.concat(found)


def _holds(conn: Connection, level: int) -> bool:
    return conn.execute(select(_key.c.level).where(_key.c.level == level).limit(1)).one_or_none() is not None


def _held(conn: Connection, level: int) -> int:
    return int(conn.execute(select(func.count()).where(_key.c.level == level)).scalar_one())


def _move(conn: Connection, level: int) -> None:
    """The keys of a level that still belong to a record, into the next level."""
    mine = select(literal(level + 1), _key.c.key, _key.c.number).where(_key.c.level == level)
    known = mine.join(_record, _record.c.number == _key.c.number).order_by(_key.c.key, _key.c.number)
    conn.execute(insert(_key).from_select(["level", "key", "number"], known))
    conn.execute(delete(_key).where(_key.c.level == level))
