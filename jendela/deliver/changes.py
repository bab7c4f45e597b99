"""What changed for one recipient: desired items against what it was last sent. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

UPSERT, RETRACT = "upsert", "retract"


@dataclass(frozen=True)
class Changes:
    """What becomes due.

    `upserts` are the opened items to send; `retracts` the last deliveries of items to take back; `refreshed`
    (`delivery_id, basis_hash`) deliveries whose content stayed as it was; `replaced` pending deliveries that
    a newer one takes the place of.
    """

    upserts: pl.DataFrame
    retracts: pl.DataFrame
    refreshed: pl.DataFrame
    replaced: pl.Series


def to_open(items: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """The items that may have changed: never delivered, taken back, or made from something else since.

    `items` has `item_key, basis_hash`; `last` is the newest delivery of each item.
    """
    same = last.filter(pl.col("verb") == UPSERT).select("item_key", "basis_hash")
    return items.join(same, on=["item_key", "basis_hash"], how="anti")


def compare(opened: pl.DataFrame, wanted: pl.Series, settled: pl.Series, last: pl.DataFrame) -> Changes:
    """What is due of the `opened` items (with their `content_hash`) and of the deliveries no longer wanted.

    `wanted` are the keys of all desired items, `settled` those that are neither wanted nor to be taken back.
    """
    told = last.filter(pl.col("verb") == UPSERT)
    unchanged = told.select("item_key", "content_hash")
    upserts = opened.join(unchanged, on=["item_key", "content_hash"], how="anti")
    refreshed = opened.select("item_key", "content_hash", "basis_hash").join(
        told.select("item_key", "content_hash", "delivery_id"), on=["item_key", "content_hash"], how="inner"
    )
    kept = pl.concat([wanted.rename("item_key"), settled.rename("item_key")]).to_frame()
    retracts = told.join(kept, on="item_key", how="anti")
    moved = pl.concat([upserts.select("item_key"), retracts.select("item_key")])
    replaced = last.filter(pl.col("state") == "pending").join(moved, on="item_key", how="semi")["delivery_id"]
    return Changes(upserts, retracts, refreshed.select("delivery_id", "basis_hash"), replaced)
