"""Letters that went back to their senders: how many, what became of them, how long the rest waits."""

from __future__ import annotations

from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from jendela.model.receipt import Night
from jendela.report.coverage import in_order
from jendela.store import frames, tables

DELIVERY = "letter_returns"
FIGURES = ("returned", "tonight", "mended", "decided", "withdrawn", "waiting", "oldest_days")


def returns(conn: Connection, night: Night) -> list[dict[str, Any]]:
    """By office, from what was delivered: `FIGURES`.

    returned: letters that went back, each once, whenever; tonight: those told tonight. Of them mended: a
    corrected one was accepted; decided: a person released or discarded it; withdrawn: the office deleted it
    or sent another version; waiting: its return is in force, the oldest for so many days.
    """
    row = tables.delivery.c
    told = frames.read(
        conn,
        select(row.office, row.item_key, row.verb, row.seq).where(row.delivery == DELIVERY).order_by(row.seq),
    )
    if told.is_empty():
        return []
    last = pl.col("seq").filter(pl.col("verb") == "retract").max().fill_null(0)
    items = told.group_by("office", "item_key").agg(
        waits=(pl.col("verb").last() == "upsert"),
        tonight=((pl.col("verb") == "upsert") & (pl.col("seq") == night.seq)).any(),
        since=pl.col("seq").filter((pl.col("verb") == "upsert") & (pl.col("seq") >= last)).min(),
    )
    days = frames.read(conn, select(tables.night.c.seq, tables.night.c.day))
    known = items.join(_ends(conn, items), on="item_key", how="left").join(
        days, left_on="since", right_on="seq", how="left"
    )
    ended = ~pl.col("waits")
    end = pl.col("end").fill_null("mended")  # of an accepted letter: nothing is wrong with it any longer
    counted = known.group_by("office").agg(
        returned=pl.len(),
        tonight=pl.col("tonight").sum(),
        **{name: (ended & (end == name)).sum() for name in ("mended", "decided", "withdrawn")},
        waiting=pl.col("waits").sum(),
        oldest_days=(pl.lit(night.day) - pl.col("day").filter(pl.col("waits")).min()).dt.total_days(),
    )
    whole = counted.with_columns(pl.col(FIGURES).cast(pl.Int64).fill_null(0))
    return in_order(whole.select("office", *FIGURES).to_dicts(), night.offices)


def _ends(conn: Connection, items: pl.DataFrame) -> pl.DataFrame:
    """How the latest held row of a record ended: `item_key, end`; nothing for a record never held."""
    held = frames.matching(conn, tables.held_row, items.select(record_id="item_key"))
    end = (
        pl.when(pl.col("decided_by").is_not_null())
        .then(pl.lit("decided"))
        .when(pl.col("mended_by").is_not_null())
        .then(pl.lit("mended"))
        .otherwise(pl.lit("withdrawn"))
    )
    ordered = held.sort("seq", "held_id").with_columns(end=end)
    return ordered.group_by("record_id").agg(pl.col("end").last()).rename({"record_id": "item_key"})
