"""The pairs worth comparing: mentions that share a blocking key, with a guard against blocks that explode."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jendela.identity.keys import LOOKUP


@dataclass(frozen=True)
class Candidates:
    """`pairs` has `left_id < right_id`, each once. `tamed` counts by kind the blocks too large to use."""

    pairs: pl.DataFrame
    tamed: dict[str, int]


def candidates(keys: pl.DataFrame, touched: pl.Series | None, largest_block: int) -> Candidates:
    """All pairs that share a key, at least one of them `touched` (None: all are).

    A block of more than `largest_block` mentions is left out and counted: a key so common tells nothing, and
    such a pair still meets through its other keys.
    """
    keys = keys.filter(~pl.col("kind").is_in(LOOKUP))
    sized = keys.with_columns(pl.len().over("kind", "key").alias("size"))
    large = sized.filter(pl.col("size") > largest_block)
    tamed = dict(large.group_by("kind").agg(pl.col("key").n_unique()).sort("kind").iter_rows())
    # Ids of 64 characters are costly to join and compare: numbers in the order of the ids stand for them.
    ids = keys.select(pl.col("record_id").unique().sort()).with_row_index("number")
    blocks = (
        sized.filter(pl.col("size").is_between(2, largest_block))
        .join(ids, on="record_id")
        .with_columns(pl.struct("kind", "key").rank("dense").alias("block"))
        .select("block", "number")
    )
    fresh = blocks
    if touched is not None:
        numbers = ids.filter(pl.col("record_id").is_in(touched.implode()))["number"]
        fresh = blocks.filter(pl.col("number").is_in(numbers.implode()))
    pairs = (
        fresh.join(blocks, on="block", suffix="_other")
        .filter(pl.col("number") != pl.col("number_other"))
        .select(
            pl.min_horizontal("number", "number_other").alias("left"),
            pl.max_horizontal("number", "number_other").alias("right"),
        )
        .unique()
        .sort("left", "right")
    )
    named = pairs.select(
        ids["record_id"].gather(pairs["left"]).alias("left_id"),
        ids["record_id"].gather(pairs["right"]).alias("right_id"),
    )
    return Candidates(named, tamed)
