"""Frames in and out of the hub database in bulk: COPY on PostgreSQL, one prepared statement on SQLite.

Everything runs on the caller's own connection, so that a frame is part of the caller's transaction.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Select,
    Subquery,
    Table,
    TextualSelect,
)
from sqlalchemy.dialects import postgresql, sqlite

from jendela.store import binary_copy, columns
from jendela.store.ahead import ahead
from jendela.store.columns import schema
from jendela.store.engine import BINARY

__all__ = [
    "asked",
    "by_index",
    "close_versions",
    "delete",
    "fetched",
    "framed",
    "insert_missing",
    "load",
    "matching",
    "read",
    "schema",
    "slices",
    "staged",
    "update",
    "upsert",
]

COPIED = 16_384  # rows encoded at once: what fits the processor's cache costs half
SLICE = 50_000  # rows on their way at once: bounds the memory beside the frame itself
VALUES = 500  # values in one statement of SQLite's
LISTED = 50_000  # keys up to which they go along with the query
LARGE = 100_000  # staged rows from which a scan may be the better way
ANALYSE_FROM = 1_000  # staged rows from which PostgreSQL's planner must know how many there are
# How PostgreSQL finds a few rows of many; none of it changes what is found, or how safely it is kept.
LOOKING_UP = {
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}

Query = Select[Any] | CompoundSelect[Any] | TextualSelect | Table | Subquery
Rows = Table | Subquery


def read(conn: Connection, query: Query, types: dict[str, pl.DataType] | None = None) -> pl.DataFrame:
    """The rows of a query, typed by its columns (or by `types`), the same on both databases."""
    return pl.concat(_parts(conn, query, types, {}))


def fetched(conn: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query as the driver gives them: for binary columns that a frame would only copy."""
    return list(conn.execute(query, execution_options={BINARY: True}).cursor.fetchall())


def framed(rows: list[tuple[Any, ...]], types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Rows as the driver gives them, as a frame: column by column, which takes a third of the time."""
    if not rows:
        return pl.DataFrame(schema=types)
    try:
        given = zip(types.items(), zip(*rows, strict=True), strict=True)
        return pl.DataFrame([pl.Series(name, values, dtype) for (name, dtype), values in given])
    except TypeError:  # a number where text is asked for, or the like: only row by row are they cast
        return pl.DataFrame(rows, schema=types, orient="row")


def slices(conn: Connection, query: Query) -> Iterator[pl.DataFrame]:
    """The same by slices, none without rows, of which only one is in memory at a time."""
    options = {} if conn.dialect.name == "sqlite" else {"stream_results": True, "max_row_buffer": SLICE}
    parts = _parts(conn, query, None, options)
    next(parts)
    yield from parts


def _parts(
    conn: Connection, query: Query, types: dict[str, pl.DataType] | None, options: dict[str, Any]
) -> Iterator[pl.DataFrame]:
    """No rows, which has the columns, and then the rows."""
    query = sa.select(query) if isinstance(query, Table | Subquery) else query
    given = types or {}
    names = {str(column.key): column.type for column in query.selected_columns}
    typed = {name: given.get(name) or columns.dtype_of(kind) for name, kind in names.items()}
    on_sqlite = conn.dialect.name == "sqlite"
    raw = {name: columns.raw_sqlite(dtype) if on_sqlite else dtype for name, dtype in typed.items()}
    yield pl.DataFrame(schema=typed)
    result = conn.execute(query, execution_options={**options, BINARY: pl.Binary in typed.values()})
    while rows := _fetched(result, streamed=bool(options)):
        part = framed(rows, raw)
        yield part.select(columns.from_sqlite(*item) for item in typed.items()) if on_sqlite else part
    result.close()


def _fetched(result: sa.CursorResult[Any], *, streamed: bool) -> list[tuple[Any, ...]]:
    """The next rows. A streamed result has fetched some before it is asked: only SQLAlchemy knows them.

    Otherwise they are the driver's own: SQLAlchemy's would cost as much again as fetching them.
    """
    if streamed:
        return [tuple(row) for row in result.fetchmany(SLICE)]
    return list(result.cursor.fetchmany(SLICE))


def load(conn: Connection, table: Table, frame: pl.DataFrame) -> int:
    """The number of rows inserted: all of the frame. Columns that the frame lacks are null.

    Raises:
        sqlalchemy.exc.IntegrityError, psycopg.errors.UniqueViolation: a key is there already.
    """
    if frame.is_empty():
        return 0
    if conn.dialect.name == "sqlite":
        _execute_many(conn, table, frame)
        return frame.height
    frame = _typed(table, frame)
    into = _into(conn, table, frame)
    conn.exec_driver_sql(
        "SELECT 1"
    )  # begins the transaction, which SQLAlchemy would not see in the driver's COPY
    widths = columns.widths(table)
    encoded: Generator[Any] = (binary_copy.rows(part, widths) for part in frame.iter_slices(COPIED))
    if frame.height > COPIED:  # the next rows while the server takes these
        encoded = ahead(encoded)
    with (
        closing(encoded),
        conn.connection.cursor().copy(f"COPY {into} FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.write(binary_copy.HEADER)
        for part in encoded:
            copy.write(part)
        copy.write(binary_copy.END)
    return frame.height


def _typed(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.cast({name: dtype for name, dtype in schema(table).items() if name in frame.columns})


def _into(conn: Connection, table: Table, frame: pl.DataFrame) -> str:
    prepare = conn.dialect.identifier_preparer
    return f"{prepare.format_table(table)} ({', '.join(map(prepare.quote, frame.columns))})"


def _execute_many(conn: Connection, table: Table, frame: pl.DataFrame, conflict: str = "") -> int:
    """Into SQLite, many rows a statement: to begin one costs as much as to insert a row. The number of rows
    that it changed.
    """
    done = 0
    into, marks = _into(conn, table, frame), f"({', '.join('?' * frame.width)})"
    many = max(VALUES // frame.width, 1)
    for part in columns.to_sqlite(_typed(table, frame)).iter_slices(SLICE):
        whole = part.height - part.height % many
        values = list(chain.from_iterable(part.head(whole).rows()))
        step = many * frame.width
        for rows, given in (
            (many, [tuple(values[at : at + step]) for at in range(0, len(values), step)]),
            (1, part.tail(part.height - whole).rows()),
        ):
            if given:
                statement = f"INSERT INTO {into} VALUES {', '.join([marks] * rows)} {conflict}"
                done += conn.exec_driver_sql(statement, given).rowcount
    return done


@contextmanager
def staged(conn: Connection, frame: pl.DataFrame, keys: Sequence[str] = ()) -> Iterator[Table]:
    """The frame as a temporary table, to join with on `keys` in the database; dropped after the block."""
    with _laid_out(conn, frame) as table:
        _told_of(conn, table, frame, keys)
        yield table


@contextmanager
def _laid_out(conn: Connection, frame: pl.DataFrame) -> Iterator[Table]:
    """The frame as a temporary table, dropped after the block."""
    table = columns.temporary_table(f"stage_{uuid.uuid4().hex}", frame)
    table.create(conn)
    load(conn, table, frame)
    yield table
    # Not in a `finally`: after an error the transaction is over, and the table with it.
    table.drop(conn)


def _told_of(conn: Connection, table: Table, frame: pl.DataFrame, keys: Sequence[str]) -> None:
    """What the database must know of a temporary table, to join with it as a small one."""
    if conn.dialect.name == "postgresql":
        if frame.height >= ANALYSE_FROM:
            conn.execute(sa.text(f"ANALYZE {table.name}"))
    elif keys:
        # SQLite joins by loops: without an index here it may compare every row with every other.
        sa.Index(f"{table.name}_keys", *(table.c[name] for name in keys)).create(conn)
        # It takes every table for a large one, and may scan the register to find what a few rows ask for.
        if frame.height < LARGE:
            conn.exec_driver_sql(f"ANALYZE {table.name}")


def upsert(conn: Connection, table: Table, frame: pl.DataFrame) -> int:
    """The number of rows written by primary key: new ones whole, of known ones the frame's columns.

    Raises:
        ValueError: the frame has a key twice; which row would stay is not for the database to choose.
    """
    if frame.is_empty():
        return 0
    keys = [column.name for column in table.primary_key.columns]
    if frame.select(pl.struct(keys).is_duplicated().any()).item():
        raise ValueError(f"The frame for {table.name} has a key more than once.")
    rest = [name for name in frame.columns if name not in keys]
    if conn.dialect.name == "sqlite":
        return _upsert_sqlite(conn, table, frame, keys, rest)
    with _new(conn, table, frame) as new:
        if rest:
            new = new.on_conflict_do_update(
                index_elements=keys, set_={name: new.excluded[name] for name in rest}
            )
        else:
            new = new.on_conflict_do_nothing(index_elements=keys)
        conn.execute(new)
    return frame.height


def _upsert_sqlite(
    conn: Connection, table: Table, frame: pl.DataFrame, keys: list[str], rest: list[str]
) -> int:
    """The same without staging: here a statement a row costs no round trip."""
    quote = conn.dialect.identifier_preparer.quote
    instead = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in rest)
    conflict = f"ON CONFLICT ({', '.join(map(quote, keys))})"
    then = f"UPDATE SET {instead}" if rest else "NOTHING"
    _execute_many(conn, table, frame, f"{conflict} DO {then}")
    return frame.height


def insert_missing(conn: Connection, table: Table, frame: pl.DataFrame) -> int:
    """The number of rows inserted: those whose primary key was not there yet; the others stay as they are."""
    if frame.is_empty():
        return 0
    if conn.dialect.name == "sqlite":
        return _execute_many(conn, table, frame, "ON CONFLICT DO NOTHING")
    with _new(conn, table, frame) as new:
        # SQLAlchemy drops an INSERT's count unless it is asked for.
        done = conn.execute(new.on_conflict_do_nothing(), execution_options={"preserve_rowcount": True})
        return int(done.rowcount)


@contextmanager
def _new(conn: Connection, table: Table, frame: pl.DataFrame) -> Iterator[Any]:
    """The statement that inserts the frame; what to do with known keys is still open."""
    dialect: Any = sqlite if conn.dialect.name == "sqlite" else postgresql
    types = schema(table)
    with _laid_out(conn, frame.cast({name: types[name] for name in frame.columns})) as stage:
        # SQLite needs a WHERE before ON CONFLICT: without one it reads ON as part of a join.
        yield dialect.insert(table).from_select(frame.columns, sa.select(stage).where(sa.true()))


def update(conn: Connection, table: Table, frame: pl.DataFrame, on: Sequence[str]) -> int:
    """The number of rows changed: those equal in the columns `on` take the frame's other columns."""
    if frame.is_empty():
        return 0
    with staged(conn, frame, on) as stage:
        values = {name: stage.c[name] for name in frame.columns if name not in on}
        return conn.execute(sa.update(table).where(_same(table, stage, on)).values(values)).rowcount


def close_versions(conn: Connection, table: Table, keys: pl.DataFrame, seq: int) -> int:
    """The number of current versions (`seq_to` null) with these keys that end with night `seq`."""
    if keys.is_empty():
        return 0
    with staged(conn, keys.unique()) as stage:
        current = sa.and_(_among(table, stage), table.c.seq_to.is_(None))
        return conn.execute(sa.update(table).where(current).values(seq_to=seq)).rowcount


def delete(conn: Connection, table: Table, keys: pl.DataFrame) -> int:
    """The number of rows with these keys, now deleted."""
    if keys.is_empty():
        return 0
    with asked(conn, keys) as wanted:
        return conn.execute(sa.delete(table).where(_among(table, wanted))).rowcount


def matching(conn: Connection, table: Rows, keys: pl.DataFrame, *where: ColumnElement[bool]) -> pl.DataFrame:
    """The rows of a table with these keys (any columns, best an index), further restricted by `where`."""
    if keys.is_empty():
        return pl.DataFrame(schema=schema(table))
    with asked(conn, keys) as wanted:
        return read(conn, sa.select(table).join(wanted, _same(table, wanted, keys.columns)).where(*where))


@contextmanager
def asked(conn: Connection, keys: pl.DataFrame) -> Iterator[FromClause]:
    """The different `keys`, to join with in the database: some thousand of one column go along with the query
    itself, as making and dropping a table for them would cost more than the answer.
    """
    keys = keys.unique()
    kind = keys.dtypes[0]
    if keys.width == 1 and keys.height < LISTED and (kind == pl.String or kind.is_integer()):
        # In order: neighbours in an index are on one page.
        yield _listed(conn, keys.to_series().drop_nulls().sort())
    else:
        with staged(conn, keys, keys.columns) as stage:
            yield stage


@contextmanager
def by_index(conn: Connection) -> Iterator[None]:
    """Within the block, PostgreSQL looks up what is asked for by its index, one by one.

    For some thousand rows of millions its planner would rather pass through a whole table in order: that
    takes longer already where the table is in memory, and ever longer as it grows.
    """
    if conn.dialect.name != "postgresql":
        yield
        return
    off = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in LOOKING_UP.items())
    conn.exec_driver_sql(f"SELECT {off}")
    yield
    # Not in a `finally`: after an error the transaction is over, and the settings with it.
    for name in LOOKING_UP:
        conn.exec_driver_sql(f"SET LOCAL {name} TO DEFAULT")


def _listed(conn: Connection, keys: pl.Series) -> FromClause:
    kind = sa.Text() if keys.dtype == pl.String else sa.BigInteger()
    if conn.dialect.name == "sqlite":
        listed = sa.func.json_each(json.dumps(keys.to_list())).table_valued(sa.column("value", kind))
    else:
        given = sa.bindparam(None, keys.to_list(), type_=postgresql.ARRAY(kind))
        listed = sa.func.unnest(given).table_valued(sa.column("value", kind)).render_derived()
    # Named alike each time: SQLAlchemy compiles a statement that it knows only once.
    return sa.select(listed.c.value.label(keys.name)).subquery(f"asked_{keys.name}")


def _same(table: FromClause, wanted: FromClause, names: Sequence[str]) -> ColumnElement[bool]:
    return sa.and_(*(table.c[name] == wanted.c[name] for name in names))


def _among(table: Table, wanted: FromClause) -> ColumnElement[bool]:
    if len(wanted.c) == 1:
        (name,) = wanted.c.keys()
        return table.c[name].in_(sa.select(wanted))
    return sa.tuple_(*(table.c[column.name] for column in wanted.c)).in_(sa.select(wanted))
