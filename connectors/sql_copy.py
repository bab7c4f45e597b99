"""The rows of a PostgreSQL query as the server itself writes them: COPY in CSV, read by Arrow.

The server's text of a number or a day is the canonical one, and its CSV tells NULL from an empty text.
"""

from __future__ import annotations

import selectors
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import pq

ROWS = 98_304  # of one table, unless it has as many bytes before
BYTES = 1 << 26
BOM = b"\xef\xbb\xbf"


def batches(conninfo: str, query: str, names: Sequence[str]) -> Generator[pa.Table]:
    """Tables of the query's columns as text under these names; none where there are no rows.

    Raises:
        psycopg.Error: as the server or the connection says.
        pa.ArrowInvalid: a text is not UTF-8.
    """
    with closing(psycopg.connect(conninfo, autocommit=True)) as connection:
        for rows, text in _written(connection, f"COPY ({query}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"):
            yield _parsed(rows, text, names)


def _parsed(rows: int, text: bytearray, names: Sequence[str]) -> pa.Table:
    table = pyarrow.csv.read_csv(
        # Arrow takes a mark of byte order off the beginning; one that is a value's own stays behind it.
        pa.BufferReader(BOM + text if text.startswith(BOM) else text),
        pyarrow.csv.ReadOptions(use_threads=False, block_size=len(text) + len(BOM), column_names=list(names)),
        # Looking for line ends inside of texts takes half as long again, and hardly any text has one.
        pyarrow.csv.ParseOptions(ignore_empty_lines=False, newlines_in_values=text.count(b"\n") != rows),
        pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    if table.num_rows != rows:
        raise pa.ArrowInvalid("Arrow found another number of rows than the server sent.")
    return table


def _written(connection: psycopg.Connection[Any], statement: str) -> Iterator[tuple[int, bytearray]]:
    """How many rows, and their text. Row by row through the cursor it takes twice as long."""
    server = connection.pgconn
    _expect(server.exec_(statement.encode()), pq.ExecStatus.COPY_OUT, connection)
    text, rows = bytearray(), 0
    with selectors.DefaultSelector() as more:
        more.register(server.socket, selectors.EVENT_READ)
        # Without waiting there, where the library would keep all other threads waiting too.
        while (got := server.get_copy_data(1))[0] >= 0:
            size, row = got
            if not size:
                more.select()
                server.consume_input()
                continue
            text += row
            rows += 1
            if rows == ROWS or len(text) >= BYTES:
                yield rows, text
                text, rows = bytearray(), 0
    if (result := server.get_result()) is not None:
        _expect(result, pq.ExecStatus.COMMAND_OK, connection)
    if rows:
        yield rows, text


def _expect(result: pq.abc.PGresult, status: pq.ExecStatus, connection: psycopg.Connection[Any]) -> None:
    if result.status != status:
        raise psycopg.errors.error_from_result(result, connection.info.encoding)
