"""Numbers that are nobody's any longer, a bit each: whether blocking keys are still somebody's is asked of
thousands at once, most of whom are.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from sqlalchemy import Connection, select

from jendela.store import frames, tables

Bits = npt.NDArray[np.uint8]
_table = tables.identity_forgotten
# Bytes in a row of the table: nearly a page of SQLite's.
PART = 4_000


def forget(conn: Connection, numbers: pl.Series) -> None:
    """These numbers are nobody's now."""
    if numbers.is_empty():
        return
    number = numbers.to_numpy()
    parts = np.unique(number // (8 * PART))
    bits = _bits(conn, int(parts[-1]) + 1)
    np.bitwise_or.at(bits, number >> 3, np.uint8(1) << (number & 7).astype(np.uint8))
    rows = [bits[part * PART : (part + 1) * PART].tobytes() for part in parts.tolist()]
    frames.upsert(conn, _table, pl.DataFrame({"part": parts, "bits": rows}))


def still(conn: Connection, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of these numbers, all given once, have not been forgotten."""
    if not len(numbers):
        return np.ones(0, dtype=bool)
    bits = _bits(conn, int(numbers.max()) // (8 * PART) + 1)
    found: npt.NDArray[np.bool_] = (bits[numbers >> 3] >> (numbers & 7).astype(np.uint8)) & 1 == 0
    return found


def _bits(conn: Connection, parts: int) -> Bits:
    """The bits of the first so many parts."""
    bits = np.zeros(parts * PART, dtype=np.uint8)
    for part, row in frames.fetched(conn, select(_table).where(_table.c.part < parts)):
        bits[part * PART : (part + 1) * PART] = np.frombuffer(row, dtype=np.uint8)
    return bits
