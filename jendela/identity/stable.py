"""Stable identifiers for the clusters of a partition: merges redirect, splits stay with the minting record.

An identifier is minted as the keyed hash of a record id, so the record that minted it is known for ever
without being stored. The same rule serves persons and employers.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Assigned:
    """`nodes`: `record_id, id`, and `moved` where the record came to its id or another left that.

    `identities`: rows to write, `id, seq, merged_into, merged_seq`: the minted, the redirected, the revived.
    """

    nodes: pl.DataFrame
    identities: pl.DataFrame
    merged: int
    split: int


def assign(
    clusters: pl.DataFrame,
    previous: pl.DataFrame,
    minted: pl.DataFrame,
    known: pl.DataFrame,
    seq: int,
    claimed: pl.DataFrame | None = None,
) -> Assigned:
    """Identifiers of the clusters.

    Args:
        clusters: `record_id, cluster`, every record of every identity concerned.
        previous: `record_id, id` before tonight, of the same identities; also of records that are gone.
        minted: `record_id, id`: the identifier that each record of `clusters` would mint.
        known: `id, seq, merged_into` of all identifiers in `previous`, `minted` and `claimed` that exist.
        seq: tonight.
        claimed: `record_id, id`: identifiers claimed besides its own, as an employer does that of its number.

    A cluster keeps the identifier whose minting record it holds, of several the one in force and oldest;
    without one, an identifier of its records whose minting record is gone; else it mints. The others it holds
    redirect to it.
    """
    claiming = minted if claimed is None else pl.concat([minted, claimed])
    own = claiming.join(known.select("id"), on="id", how="semi").with_columns(pl.lit(0).alias("claim"))
    orphaned = previous.join(own.select("id"), on="id", how="anti")
    inherited = (
        orphaned.join(clusters, on="record_id")
        .group_by("id", "cluster")
        .agg(pl.len().alias("size"), pl.col("record_id").min())
        # Only one cluster inherits: the one with most of its records.
        .sort("size", "record_id", descending=[True, False])
        .unique("id", keep="first", maintain_order=True)
        .select("record_id", "id", pl.lit(1).alias("claim"))
    )
    claims = (
        pl.concat([own.select("record_id", "id", "claim"), inherited])
        .join(clusters, on="record_id")
        .join(known, on="id")
        .with_columns(pl.col("merged_into").is_not_null().alias("redirected"))
        .unique(["cluster", "id"], keep="first", maintain_order=True)
        .sort("cluster", "claim", "redirected", "seq", "id")
    )
    kept = claims.unique("cluster", keep="first", maintain_order=True)
    names = clusters.select("cluster").unique().join(kept.select("cluster", "id"), on="cluster", how="left")
    fresh = (
        names.filter(pl.col("id").is_null()).drop("id").join(minted, left_on="cluster", right_on="record_id")
    )
    chosen = pl.concat([names.drop_nulls("id"), fresh.select("cluster", "id")])
    nodes = clusters.join(chosen, on="cluster").select("record_id", "id")

    held = claims.join(chosen.rename({"id": "chosen"}), on="cluster")
    redirects = held.filter(
        (pl.col("id") != pl.col("chosen")) & ~pl.col("merged_into").eq_missing(pl.col("chosen"))
    )
    revived = held.filter((pl.col("id") == pl.col("chosen")) & pl.col("redirected"))
    night = pl.lit(seq, pl.Int64)
    none = pl.lit(None, pl.Int64)
    identities = pl.concat(
        [
            fresh.select(
                "id",
                night.alias("seq"),
                pl.lit(None, pl.String).alias("merged_into"),
                none.alias("merged_seq"),
            ),
            redirects.select("id", "seq", pl.col("chosen").alias("merged_into"), night.alias("merged_seq")),
            revived.select(
                "id", "seq", pl.lit(None, pl.String).alias("merged_into"), none.alias("merged_seq")
            ),
        ]
    )
    return Assigned(
        _moved(nodes, previous),
        identities.sort("id"),
        redirects.filter(~pl.col("redirected")).height,
        _split(nodes, previous),
    )


def _moved(nodes: pl.DataFrame, previous: pl.DataFrame) -> pl.DataFrame:
    """`nodes` with `moved`: true for who came to an identity, and for all records of one that lost some."""
    both = nodes.join(previous.rename({"id": "was"}), on="record_id", how="full", coalesce=True)
    changed = both.filter(~pl.col("id").eq_missing(pl.col("was")))
    came = pl.col("record_id").is_in(changed["record_id"].implode())
    lost = pl.col("id").is_in(changed["was"].drop_nulls().unique().implode())
    return nodes.with_columns(moved=came | lost)


def _split(nodes: pl.DataFrame, previous: pl.DataFrame) -> int:
    """How many identities of before are several now."""
    both = previous.rename({"id": "was"}).join(nodes, on="record_id")
    return both.group_by("was").agg(pl.col("id").n_unique().alias("parts")).filter(pl.col("parts") > 1).height
