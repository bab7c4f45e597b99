"""Stable ids for facts: minted by a record, kept when records come and go. Pure, over frames.

A fact's id is a keyed hash of the record that minted it, never of a person; so merging and splitting persons
moves links and nothing else. While its minting record lives, a fact is where that record is; after that,
where the smallest of the records is that had it.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jendela.crypto import Keyring, keyed_hash


@dataclass(frozen=True)
class Assigned:
    """What becomes of facts.

    `links` (`record_id, entity, fact_id`) for every record, `minted` new rows of `fact`, and `merged`:
    `fact_id, merged_into` of facts that another one took over (null: it stands again).
    """

    links: pl.DataFrame
    minted: pl.DataFrame
    merged: pl.DataFrame


def assign(
    entity: str, groups: pl.DataFrame, links: pl.DataFrame, facts: pl.DataFrame, keyring: Keyring, seq: int
) -> Assigned:
    """The fact of every group.

    `groups` has `record_id, group` of living records, `links` their `record_fact` rows of old, `facts` the
    rows of `fact` that one of these records minted or had.
    """
    minters = facts.join(groups, left_on="minted_by", right_on="record_id").select("fact_id", "group")
    orphans = facts.join(groups, left_on="minted_by", right_on="record_id", how="anti")
    heirs = (
        links.join(orphans, on="fact_id", how="semi")
        .join(groups, on="record_id")
        .sort("record_id")
        .unique("fact_id", keep="first", maintain_order=True)
        .select("fact_id", "group")
    )
    claims = pl.concat([minters, heirs]).join(facts.select("fact_id", "seq", "merged_into"), on="fact_id")
    claims = claims.sort("seq", "fact_id")
    taken = claims.unique("group", keep="first", maintain_order=True).select("group", into="fact_id")

    fresh = (
        groups.join(taken, on="group", how="anti")
        .sort("record_id")
        .unique("group", keep="first", maintain_order=True)
        .rename({"record_id": "minted_by"})
    )
    fresh = fresh.with_columns(fact_id=fact_ids(keyring, entity, fresh["minted_by"]))
    every = pl.concat([taken.rename({"into": "fact_id"}), fresh.select("group", "fact_id")])

    standing = claims.join(taken, on="group").with_columns(
        now=pl.when(pl.col("fact_id") != pl.col("into")).then("into")
    )
    return Assigned(
        links=groups.join(every, on="group").select("record_id", pl.lit(entity).alias("entity"), "fact_id"),
        minted=fresh.select(
            "fact_id", entity=pl.lit(entity), seq=pl.lit(seq, pl.Int64), minted_by="minted_by"
        ),
        merged=standing.filter(pl.col("now").ne_missing(pl.col("merged_into"))).select(
            "fact_id", merged_into="now"
        ),
    )


def fact_ids(keyring: Keyring, entity: str, minted_by: pl.Series) -> pl.Series:
    """The id of the fact that each record mints."""
    return keyed_hash(keyring, "fact", f"{entity}\x1f" + minted_by)
