"""The rows of a PostgreSQL query as the server itself writes them: COPY in CSV, read by Arrow.

The server's text of a number or a day is the canonical one, and its CSV tells NULL from an empty text.
"""

from __future__ import annotations

import selectors
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import pq

ROWS = 98_304  # of one table, unless it has as many bytes before
BYTES = 1 << 26
# Bytes parsed at once. Arrow goes through them once for each column, which takes half the time while the
# processor's cache still has them.
PIECE = 1 << 20
QUOTE = b'"'  # a text with a line end in it has them
BOM = b"\xef\xbb\xbf"


def batches(conninfo: str, query: str, names: Sequence[str]) -> Generator[pa.Table]:
    """Tables of the query's columns as text under these names; none where there are no rows.

    Raises:
        psycopg.Error: as the server or the connection says.
        pa.ArrowInvalid: a text is not UTF-8.
    """
    with closing(psycopg.connect(conninfo, autocommit=True)) as connection:
        pieces: list[pa.Table] = []
        query = f"COPY ({query}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"
        for rows, text, last in _written(connection, query):
            pieces.append(_parsed(rows, text, names))
            if last:
                yield pa.concat_tables(pieces).combine_chunks()
                pieces.clear()
        if pieces:
            yield pa.concat_tables(pieces).combine_chunks()


def _parsed(rows: int, text: bytearray, names: Sequence[str]) -> pa.Table:
    table = pyarrow.csv.read_csv(
        # Arrow takes a mark of byte order off the beginning; one that is a value's own stays behind it.
        pa.BufferReader(BOM + text if text.startswith(BOM) else text),
        pyarrow.csv.ReadOptions(use_threads=False, block_size=len(text) + len(BOM), column_names=list(names)),
        # Looking for line ends inside of texts takes time, and hardly any text has one.
        pyarrow.csv.ParseOptions(
            ignore_empty_lines=False, newlines_in_values=QUOTE in text and text.count(b"\n") != rows
        ),
        pyarrow.csv.ConvertOptions(
            check_utf8=not _is_utf8(text),
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    if table.num_rows != rows:
        raise pa.ArrowInvalid("Arrow found another number of rows than the server sent.")
    return table


def _is_utf8(text: bytearray) -> bool:
    """Whether all of it is, and so every value: they are cut at ASCII. One by one takes ten times as long."""
    try:
        ends = np.array([0, len(text)], np.int64)
        whole = pa.LargeStringArray.from_buffers(1, pa.py_buffer(ends), pa.py_buffer(text))
        whole.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _written(connection: psycopg.Connection[Any], statement: str) -> Iterator[tuple[int, bytearray, bool]]:
    """How many rows, their text, and whether a table ends with them. Row by row through the cursor it takes
    twice as long.
    """
    server = connection.pgconn
    _expect(server.exec_(statement.encode()), pq.ExecStatus.COPY_OUT, connection)
    text, rows = bytearray(), 0
    enough, left, size = min(PIECE, BYTES), ROWS, BYTES
    with selectors.DefaultSelector() as more:
        more.register(server.socket, selectors.EVENT_READ)
        # Without waiting there, where the library would keep all other threads waiting too.
        while (got := server.get_copy_data(1))[0] >= 0:
            count, row = got
            if not count:
                more.select()
                server.consume_input()
                continue
            text += row
            rows += 1
            if rows == left or len(text) >= enough:
                left, size = left - rows, size - len(text)
                last = left <= 0 or size <= 0
                yield rows, text, last
                text, rows = bytearray(), 0
                if last:
                    left, size = ROWS, BYTES
    if (result := server.get_result()) is not None:
        _expect(result, pq.ExecStatus.COMMAND_OK, connection)
    if rows:
        yield rows, text, True


def _expect(result: pq.abc.PGresult, status: pq.ExecStatus, connection: psycopg.Connection[Any]) -> None:
    if result.status != status:
        raise psycopg.errors.error_from_result(result, connection.info.encoding)
