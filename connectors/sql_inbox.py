"""An inbox of tables at the agency: rows are added once, announced, and answered by the agency."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
import pyarrow as pa
import sqlalchemy as sa

from connectors import canonical
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import Outgoing

ENVELOPE = ("delivery_id", "verb", "night", "recipient")
ANSWER = ("delivery_id", "ack_status", "ack_at", "ack_reason")
ANNOUNCEMENT = ("recipient", "delivery", "night", "row_count", "announced_at")
_CHUNK, _PART = 500, 20_000  # ids of one question; rows of one statement


def put(connection: sa.Connection, outgoing: Outgoing, rows: pa.Table) -> int:
    """How many rows were added; rows whose `delivery_id` is there already are not touched.

    Runs in the caller's transaction: all rows are added, or none.
    """
    names = [*ENVELOPE, *outgoing.columns]
    frame = pl.DataFrame(rows.select(names)).unique("delivery_id", keep="first", maintain_order=True)
    table = _table(connection, outgoing, outgoing.target, names)
    key = table.c[0]
    there = [
        row[0]
        for part in _chunks(frame["delivery_id"].to_list())
        for row in connection.execute(sa.select(key).where(key.in_(part)))
    ]
    new = frame.filter(~pl.col("delivery_id").is_in(there).fill_null(value=False))
    if new.is_empty():
        return 0
    # No letter of anybody's: PostgreSQL refuses the whole batch for one, and other programs end a text there.
    new = new.with_columns(pl.col(pl.String).str.replace_all("\0", "", literal=True))
    found = dict(zip(names, (column.name for column in table.c), strict=True))
    for part in new.iter_slices(_PART):  # as Python's own values a row takes ten times its bytes
        if connection.dialect.driver == "psycopg":
            _copy(connection, table, part)
        else:
            connection.execute(sa.insert(table), part.rename(found).to_dicts())
    return new.height


def announce(connection: sa.Connection, outgoing: Outgoing, night: str, rows: int) -> None:
    """Say once that the delivery of this night is complete; said again, the number of rows is corrected."""
    table = _table(connection, outgoing, "jdl_announcement", ANNOUNCEMENT)
    recipient, delivery, day, row_count, announced_at = table.c
    this = sa.and_(recipient == outgoing.recipient, delivery == outgoing.delivery, day == night)
    if connection.execute(sa.select(sa.func.count()).select_from(table).where(this)).scalar():
        connection.execute(sa.update(table).where(this).values({row_count: rows}))
        return
    values: dict[Any, Any] = {
        recipient: outgoing.recipient,
        delivery: outgoing.delivery,
        day: night,
        row_count: rows,
        announced_at: _now(connection.dialect.name),
    }
    connection.execute(sa.insert(table).values(values))


def acknowledgements(connection: sa.Connection, outgoing: Outgoing, delivery_ids: Sequence[str]) -> pa.Table:
    """The answers to these deliveries, as text; those the agency has not answered are left out."""
    table = _table(connection, outgoing, outgoing.target, ANSWER)
    key, status = table.c[0], table.c[1]
    parts = [
        canonical.columns_of(
            connection.execute(
                sa.select(table).where(key.in_(part), status.is_not(None)).order_by(key)
            ).all(),
            ANSWER,
        )
        for part in _chunks(delivery_ids)
    ]
    return pa.concat_tables([canonical.empty(ANSWER), *parts])


def _table(connection: sa.Connection, outgoing: Outgoing, name: str, wanted: Sequence[str]) -> sa.TableClause:
    # The agency runs our DDL on its own engine, which may fold the names: they are taken as found there.
    schema, _, bare = outgoing.target.rpartition(".")
    bare = name.rpartition(".")[2] or bare
    inspector = sa.inspect(connection)
    if not inspector.has_table(bare, schema or None):
        raise _inbox_error(outgoing, f"The inbox has no table {bare}.")
    folded = {
        column["name"].casefold(): column["name"] for column in inspector.get_columns(bare, schema or None)
    }
    if gone := [column for column in wanted if column.casefold() not in folded]:
        raise _inbox_error(outgoing, f"The inbox table {bare} has no column {', '.join(gone)}.")
    return sa.table(bare, *(sa.column(folded[column.casefold()]) for column in wanted), schema=schema or None)


def _now(dialect: str) -> sa.ColumnElement[Any]:
    # Into a column of 32 characters: what these two write of a timestamp by themselves is longer, or no ISO.
    if dialect == "oracle":
        return sa.func.to_char(sa.func.sys_extract_utc(sa.text("SYSTIMESTAMP")), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    if dialect == "mssql":
        return sa.func.convert(sa.text("VARCHAR(32)"), sa.func.sysutcdatetime(), 126)
    return sa.func.current_timestamp()


def _inbox_error(outgoing: Outgoing, reason: str) -> UnusableFeedError:
    remedy = "Ask the agency to run the inbox.sql of its mappings folder again, as its administrator."
    return UnusableFeedError(outgoing.office, outgoing.delivery, reason, remedy)


def _copy(connection: sa.Connection, table: sa.TableClause, frame: pl.DataFrame) -> None:
    preparer = connection.dialect.identifier_preparer
    columns = ", ".join(preparer.quote(column.name) for column in table.c)
    statement = f"COPY {preparer.format_table(table)} ({columns}) FROM STDIN (FORMAT csv, NULL '\\N')"
    raw: Any = connection.connection.driver_connection
    # Text is quoted and null is not: an empty text stays an empty text.
    text = frame.write_csv(include_header=False, null_value="\\N", quote_style="non_numeric")
    with raw.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
