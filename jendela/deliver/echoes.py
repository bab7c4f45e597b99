"""What we sent, as it would look if it came back: table `echo`, read by validation the next nights."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver.known import Known
from jendela.deliver.payload import opened
from jendela.privacy.echo import comparable, echo_hash
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import delivery, echo


def echo_rows(
    hub: Hub, conn: Connection, spec: DeliverySpec, items: pl.DataFrame, known: Known
) -> pl.DataFrame:
    """`item_key, echo_hash` of the opened items that could come back from this recipient's office as ours.

    Not those that the office told us itself: its own record, or one that says the same already.
    """
    nothing = pl.DataFrame(schema={"item_key": pl.String, "echo_hash": pl.String})
    best = comparable(hub, spec.office, spec.entity) if spec.entity in known.copies else None
    if best is None or best[0].key != spec.key or items.is_empty():
        return nothing
    ours = items.select("item_key", "_office", echo_hash(hub, spec.office, spec.entity, items))
    held = known.held_by(spec.entity, spec.office).rename({"fact_id": "item_key", "record_id": "_person"})
    same = held.join(ours, on="item_key", how="semi").with_columns(
        pl.lit(None, dtype=pl.String).alias("_own")
    )
    own = opened(hub, conn, spec, same)
    said = own.select("item_key", echo_hash(hub, spec.office, spec.entity, own))
    foreign = ours.filter((pl.col("_office") != spec.office) & pl.col("echo_hash").is_not_null())
    return foreign.select("item_key", "echo_hash").join(said, on=["item_key", "echo_hash"], how="anti")


def remember(
    conn: Connection, spec: DeliverySpec, due: pl.DataFrame, hashes: pl.DataFrame, known_before: pl.DataFrame
) -> None:
    """Keep the echo of the `due` upserts, and only of the last delivery of each item.

    `known_before` are the items that were delivered on an earlier night.
    """
    again = due.join(known_before, on="item_key", how="semi").select("item_key")
    older = frames.matching(conn, delivery, again).filter(
        (pl.col("recipient") == spec.recipient) & (pl.col("delivery") == spec.delivery)
    )
    frames.delete(conn, echo, older.select("delivery_id"))
    rows = (
        hashes.join(due.select("item_key", "delivery_id"), on="item_key", how="inner")
        .sort("delivery_id")
        .unique("echo_hash", keep="first", maintain_order=True)
        .select(
            pl.lit(spec.office).alias("office"),
            pl.lit(spec.entity).alias("entity"),
            "echo_hash",
            "delivery_id",
        )
    )
    frames.upsert(conn, echo, rows)
