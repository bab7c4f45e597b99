"""A feed's rows as text in Arrow, streamed: by COPY, through ADBC, or by partitions, as the engine has it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL

from connectors import canonical, sql_copy
from connectors.sql_columns import Column
from connectors.sql_engines import Flavour, with_options

PARTITION = 20_000


def stream(
    engine: sa.Engine, url: URL, flavour: Flavour, columns: Sequence[Column], select: str
) -> Iterator[pa.Table]:
    """Tables of the agreed columns in canonical text; at least one, empty where there are no rows.

    `select` gives exactly `columns`, in this order. Memory is bounded by one batch.
    """
    names = [column.name for column in columns]
    if flavour.name == "postgresql":
        batches = sql_copy.batches(_conninfo(with_options(url)), select, names)
    elif flavour.name == "sqlite":
        batches = _sqlite(url, select)
    else:
        batches = _partitions(engine, names, select)
    none = True
    with closing(batches):
        for batch in batches:
            none = False
            arrays = [canonical.settle(batch.column(i), column.kind) for i, column in enumerate(columns)]
            yield pa.table(arrays, names=names)
    if none:
        yield canonical.empty(names)


def _sqlite(url: URL, select: str) -> Generator[pa.Table]:
    import adbc_driver_sqlite.dbapi as sqlite

    path = (url.database or "").removeprefix("file:").partition("?")[0]
    with closing(sqlite.connect(f"file:{path}?mode=ro")) as connection, connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": PARTITION})
        cursor.execute(select)
        with closing(cursor.fetch_record_batch()) as reader:
            for batch in reader:
                if batch.num_rows:
                    table = pa.Table.from_batches([batch])
                    # SQLite lets any bytes be TEXT: found here, they are an error of the feed and not of
                    # the reader.
                    table.validate(full=True)
                    yield table


def _conninfo(url: URL) -> str:
    # libpq's own key-value form: each library reads a space or a plus sign in a URL's password differently.
    parts: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **url.query,
    }
    texts = {
        name: ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in parts.items()
        if value
    }
    return " ".join(
        "{}='{}'".format(name, text.replace("\\", r"\\").replace("'", r"\'")) for name, text in texts.items()
    )


def _partitions(engine: sa.Engine, names: Sequence[str], select: str) -> Generator[pa.Table]:
    with engine.connect() as connection:
        options = {"stream_results": True, "no_parameters": True, "max_row_buffer": PARTITION}
        result = connection.execution_options(**options).exec_driver_sql(select)
        cursor: Any = result.cursor
        drained = False
        try:
            for rows in result.partitions(PARTITION):
                yield canonical.columns_of(rows, names)
            drained = True
        finally:
            if not drained:
                # PyMySQL would first fetch all the rest of a half-read cursor, even from a dead server.
                if unread := getattr(cursor, "_result", None):
                    unread.unbuffered_active = False
                connection.invalidate()
