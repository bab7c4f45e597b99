"""A frame as PostgreSQL's COPY takes it in binary: a fraction of the work of text, for us and for the server.

Every field is its length (4 bytes, big-endian; -1: null) and its bytes. What has one width in all rows is
laid out as a matrix; Arrow joins it with the texts row by row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from jendela.model.cells import cells

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)  # no flags, no extension
END = b"\xff\xff"
DAYS_1970 = 10_957  # days from 1970 to 2000, from which PostgreSQL counts
DAY = 86_400_000_000  # microseconds

Matrix = np.ndarray[Any, np.dtype[np.uint8]]


def rows(frame: pl.DataFrame, widths: Mapping[str, int]) -> memoryview | bytes:
    """The rows of the frame; `widths` are the bytes of its whole-number columns (2, 4 or 8).

    Header and end come once before and after all rows.

    Raises:
        polars.exceptions.InvalidOperationError: a number is too large for its column.
    """
    if frame.is_empty():
        return b""
    count = np.full((frame.height, 1), frame.width, ">i2").view(np.uint8)
    pieces: list[pa.Array] = []
    fixed: list[Matrix] = [count]
    for column in frame:
        if column.dtype in (pl.String, pl.Binary):
            lengths, values = _of_any_width(column)
        else:
            lengths, values = _of_one_width(_numbers(column, widths), column)
        fixed.append(lengths)
        if isinstance(values, np.ndarray):
            fixed.append(values)
        elif values is not None:
            pieces += (cells(np.concatenate(fixed, axis=1)), values)
            fixed = []
    if fixed:
        pieces.append(cells(np.concatenate(fixed, axis=1)))
    nothing = pl.Series([b""]).to_arrow()[0]  # pa.scalar would import pandas
    whole = pc.binary_join_element_wise(*pieces, nothing, null_handling="replace", null_replacement=b"")
    return memoryview(whole.buffers()[2])[: whole.offset + int(pc.sum(pc.binary_length(whole)).as_py())]


def _lengths(values: Any) -> Matrix:
    return np.ascontiguousarray(values, ">i4").reshape(-1, 1).view(np.uint8)


def _of_any_width(column: pl.Series) -> tuple[Matrix, pa.Array]:
    values = column.to_arrow().cast(pa.large_binary())
    offsets = np.frombuffer(values.buffers()[1], np.int64, len(values) + 1, values.offset * 8)
    lengths = np.diff(offsets)
    if values.null_count:
        lengths[values.is_null().to_numpy(zero_copy_only=False)] = -1
    return _lengths(lengths), values


def _numbers(column: pl.Series, widths: Mapping[str, int]) -> np.ndarray[Any, Any]:
    """The values, big-endian; what stands in place of a null does not matter."""
    if column.dtype.is_integer():
        return _big(column.cast({2: pl.Int16, 4: pl.Int32, 8: pl.Int64}[widths[column.name]]))
    if column.dtype == pl.Date:
        return _big(column.to_physical(), DAYS_1970)
    if column.dtype == pl.Datetime("us", "UTC"):
        return _big(column.to_physical(), DAYS_1970 * DAY)
    return _big(column.cast(pl.Int8 if column.dtype == pl.Boolean else pl.Float64))


def _big(column: pl.Series, later: int = 0) -> np.ndarray[Any, Any]:
    # By Arrow: an expression of polars is planned anew each time, which takes longer than the work.
    given = column.to_arrow()
    given = given.fill_null(0) if given.null_count else given
    values: np.ndarray[Any, Any] = given.to_numpy(zero_copy_only=False)
    return (values - later if later else values).astype(values.dtype.newbyteorder(">"))


def _of_one_width(values: np.ndarray[Any, Any], column: pl.Series) -> tuple[Matrix, Matrix | pa.Array | None]:
    width, missing = values.dtype.itemsize, column.null_count()
    raw = values.reshape(-1, 1).view(np.uint8)
    if not missing:
        return _lengths(np.full(len(values), width)), raw
    if missing == len(values):
        return _lengths(np.full(len(values), -1)), None
    there = column.to_arrow().is_valid().to_numpy(zero_copy_only=False)
    return _lengths(np.where(there, width, -1)), _binary(raw[there], np.where(there, width, 0))


def _binary(data: Matrix, lengths: np.ndarray[Any, Any]) -> pa.Array:
    """The bytes cut into values of these lengths."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(lengths), buffers)
