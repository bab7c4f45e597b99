"""What records say, put into the register of a test without any agency: as the merge leaves it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl
import sqlalchemy as sa

from jendela.store import frames, records, tables


def say(conn: sa.Connection, versions: pl.DataFrame, persons: pl.DataFrame | None = None) -> None:
    """New versions (`record_id, entity, seq_from, feed, facts`), of persons `record_id, seq_from, sealed`."""
    for feed, seq in versions.select("feed", "seq_from").unique().sort("feed", "seq_from").iter_rows():
        _batch(conn, feed, seq)
    known = frames.read(conn, sa.select(tables.batch.c.feed, tables.batch.c.number)).drop_nulls()
    batches = known.unique("feed").rename({"number": "batch"})
    numbers = _numbers(conn, versions)
    made = versions.join(batches, on="feed").join(numbers, on="record_id").drop("record_id", "feed")
    frames.load(conn, tables.record_version, made)
    if persons is not None and persons.height:
        frames.load(conn, tables.person_version, persons.join(numbers, on="record_id").drop("record_id"))


def end(conn: sa.Connection, record_ids: Iterable[str], seq: int) -> None:
    """What these records said ends with night `seq`."""
    numbers = records.numbers(conn, pl.Series(list(record_ids), dtype=pl.String)).select("number")
    for table in (tables.record_version, tables.person_version):
        frames.close_versions(conn, table, numbers, seq)


def _numbers(conn: sa.Connection, versions: pl.DataFrame) -> pl.DataFrame:
    rows = versions.unique("record_id").select(
        "record_id", "feed", seq=pl.col("seq_from").cast(pl.Int64), row_hash=pl.lit("h"),
        outcome=pl.lit("accepted"), deleted_seq=pl.lit(None, pl.Int64), as_of=pl.lit(None, pl.String),
    )  # fmt: skip
    return records.note(conn, rows)


def _batch(conn: sa.Connection, feed: str, seq: int) -> None:
    batch: Any = tables.batch.c
    if conn.execute(sa.select(batch.number).where(batch.feed == feed, batch.number.is_not(None))).first():
        return
    last = conn.execute(sa.select(sa.func.coalesce(sa.func.max(batch.number), 0))).scalar_one()
    conn.execute(
        sa.insert(tables.batch).values(
            batch_id=f"{feed}, said", seq=seq, office=feed.split(".", maxsplit=1)[0], feed=feed,
            state="merged", complete=True, rows=0, landing="", sha256="", manifest="{}", number=last + 1,
        )
    )  # fmt: skip
