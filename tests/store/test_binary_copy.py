"""Every value that a column can hold comes back from PostgreSQL as it went in."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import polars as pl
import pytest
import sqlalchemy as sa

from jendela.store import binary_copy, frames

KINDS = sa.Table(
    "of_every_kind",
    sa.MetaData(),
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("small", sa.SmallInteger),
    sa.Column("plain", sa.Integer),
    sa.Column("large", sa.BigInteger),
    sa.Column("truth", sa.Boolean),
    sa.Column("measure", sa.Float),
    sa.Column("day", sa.Date),
    sa.Column("moment", sa.DateTime(timezone=True)),
    sa.Column("words", sa.Text),
    sa.Column("raw", sa.LargeBinary),
    sa.Column("last", sa.Integer),
    prefixes=["TEMPORARY"],
)
ROWS = [
    (1, -(2**15), -(2**31), -(2**63), False, -0.5, date(1, 1, 1), datetime(1900, 1, 1, tzinfo=UTC),
     "", b"", 1),
    (2, 2**15 - 1, 2**31 - 1, 2**63 - 1, True, math.pi, date(9999, 12, 31),
     datetime(2026, 9, 1, 1, 2, 3, 4, UTC),
     'a "quoted", \\N text\r\n\twith Ñ and 漢', bytes(range(256)), 2),
    (3, *[None] * 9, 3),
    (4, 0, 0, 0, True, math.inf, date(2000, 1, 1), datetime(2000, 1, 1, tzinfo=UTC), "\\x00", b"\\x00", None),
]  # fmt: skip


@pytest.mark.parametrize("chosen", [[0, 1, 2, 3], [0, 1], [2], [2, 2], [3, 0, 2], []])
def test_what_goes_in_comes_out(hub, chosen):
    """With nulls everywhere, nowhere and here and there; slices of a larger frame too."""
    every = pl.DataFrame(ROWS, frames.schema(KINDS), orient="row")
    frame = pl.concat([every[at : at + 1] for at in chosen], rechunk=False) if chosen else every.clear()
    frame = frame.with_columns(place=pl.int_range(pl.len(), dtype=pl.Int64))
    with hub.begin() as conn:
        KINDS.create(conn)
        assert frames.load(conn, KINDS, frame) == len(chosen)
        found = frames.read(conn, sa.select(KINDS).order_by(KINDS.c.place))
        KINDS.drop(conn)
    assert found.rows() == frame.rows()


def test_a_number_too_large_for_its_column_is_refused():
    """It is not cut off."""
    with pytest.raises(pl.exceptions.InvalidOperationError):
        binary_copy.rows(pl.DataFrame({"plain": [2**31]}), {"plain": 4})
