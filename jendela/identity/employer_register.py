"""Employers kept over the nights: which records are one, and whom employments, letters and claims mean.

A mention finds its employer by NPP, else by WLKP code, else by name and regency where only one bears it. A
number or name that no employer record carries mints an employer of its own, which the record takes over when
it comes.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring, keyed_hash
from jendela.identity import records
from jendela.identity.clusters import partition
from jendela.identity.employers import employer_edges, employer_keys, standard_employers
from jendela.identity.stable import assign
from jendela.store import frames, tables

EMPLOYER = ("employer",)
MINTING = ("npp", "wlkp", "name")
_node, _key, _employer = tables.employer_node, tables.employer_key, tables.employer


@dataclass(frozen=True)
class Employers:
    """`said`: `record_id`, facts and `employer_id` of tonight's mentions and of those whose employer is
    another one now (`moved`); and counts for the receipt.
    """

    said: pl.DataFrame
    moved: pl.Series
    counts: dict[str, int]


def resolve(conn: Connection, keyring: Keyring, seq: int, mentions: pl.Series, gone: pl.Series) -> Employers:
    """Bring `employer`, `employer_key` and `employer_node` up to tonight.

    Args:
        mentions: the person mentions that changed tonight.
        gone: those that are no more.
    """
    fresh, ended = records.changed_ids(conn, seq, EMPLOYER)
    touched = _touched(conn, fresh, ended)
    counts = _employers(conn, keyring, seq, fresh, ended, touched)
    followers = frames.matching(conn, _node, touched.rename("employer_id").to_frame())["record_id"]
    known = pl.concat([mentions, followers]).unique()
    known = known.filter(~known.is_in(pl.concat([gone, ended]).implode()))
    said = records.facts(conn, known, records.PERSON_ENTITIES, records.FACTS)
    nodes = _meant(conn, keyring, seq, said)
    moved = _write_mentions(conn, nodes, said["record_id"], seq)
    frames.delete(conn, _node, pl.concat([gone, ended]).unique().alias("record_id").to_frame())
    said = said.join(nodes, on="record_id", how="left", maintain_order="left")
    ours = pl.concat([mentions, moved]).unique()
    return Employers(
        said.filter(pl.col("record_id").is_in(ours.implode())),
        moved,
        {**counts, "mentions_moved": moved.len()},
    )


def _touched(conn: Connection, fresh: pl.Series, ended: pl.Series) -> pl.Series:
    """The employers that tonight's employer records belonged to, or share a number or name with."""
    before = frames.matching(conn, _node, pl.concat([fresh, ended]).unique().alias("record_id").to_frame())
    keys = employer_keys(standard_employers(records.facts(conn, fresh, EMPLOYER, records.EMPLOYER_FACTS)))
    sharing = frames.matching(conn, _key, keys.select("kind", "key").unique())
    return pl.concat([before["employer_id"], sharing["employer_id"]]).unique().sort()


def _employers(
    conn: Connection, keyring: Keyring, seq: int, fresh: pl.Series, ended: pl.Series, touched: pl.Series
) -> dict[str, int]:
    if fresh.is_empty() and ended.is_empty():
        return dict.fromkeys(("employer_records", "employers", "employers_merged", "employers_split"), 0)
    previous = frames.matching(conn, _node, touched.alias("employer_id").to_frame())
    ids = pl.concat([fresh, previous["record_id"]]).unique()
    # Mentions of these employers are among `previous`; only employer records have employer facts.
    standard = standard_employers(records.facts(conn, ids, EMPLOYER, records.EMPLOYER_FACTS))
    nodes = standard["record_id"]
    no_decisions = pl.DataFrame(schema=dict.fromkeys(("left_id", "right_id", "verdict"), pl.String))
    numbers = standard.drop_nulls("npp").select("record_id", pl.col("npp").alias("number"))
    clusters = partition(nodes, employer_edges(standard), no_decisions, numbers)

    keys = employer_keys(standard)
    minted = pl.DataFrame({"record_id": nodes, "id": keyed_hash(keyring, "employer", nodes)})
    # A name may be several employers': only numbers claim what they once minted.
    numbered = keys.filter(pl.col("kind").is_in(("npp", "wlkp")))
    claimed = numbered.with_columns(_minted_by_key(keyring, numbered)).select("record_id", "id")
    before = previous.filter(pl.col("record_id").is_in(pl.concat([nodes, ended]).implode()))
    asked = pl.concat([before["employer_id"], minted["id"], claimed["id"]]).unique()
    known = frames.matching(conn, _employer, asked.alias("employer_id").to_frame()).rename(
        {"employer_id": "id"}
    )
    assigned = assign(
        clusters, before.select("record_id", pl.col("employer_id").alias("id")), minted, known, seq, claimed
    )
    frames.upsert(conn, _employer, assigned.identities.rename({"id": "employer_id"}))
    names = assigned.nodes.rename({"id": "employer_id"})
    _write_nodes(conn, names.select("record_id", "employer_id"), seq)
    frames.delete(
        conn, _key, pl.concat([touched, names["employer_id"]]).unique().alias("employer_id").to_frame()
    )
    frames.upsert(conn, _key, keys.join(names, on="record_id").select("kind", "key", "employer_id").unique())
    return {
        "employer_records": fresh.len(),
        "employers": names["employer_id"].n_unique(),
        "employers_merged": assigned.merged,
        "employers_split": assigned.split,
    }


def _meant(conn: Connection, keyring: Keyring, seq: int, said: pl.DataFrame) -> pl.DataFrame:
    """`record_id, employer_id`: whom each mention means, minted where nobody carries its keys."""
    standard = standard_employers(said.rename({"workplace_region": "region_code"}))
    keys = employer_keys(standard).filter(pl.col("kind").is_in(MINTING))
    rank = pl.col("kind").replace_strict(
        {kind: place for place, kind in enumerate(MINTING)}, return_dtype=pl.Int8
    )
    keys = keys.with_columns(rank.alias("rank")).sort("record_id", "rank")
    known = frames.matching(conn, _key, keys.select("kind", "key").unique())
    # A number that several employers carry, or a name that several bear, does not say which one is meant.
    sole = (
        known.group_by("kind", "key")
        .agg(pl.col("employer_id").unique())
        .filter(pl.col("employer_id").list.len() == 1)
    )
    found = keys.join(sole.explode("employer_id"), on=["kind", "key"], how="inner", maintain_order="left")
    found = found.unique("record_id", keep="first", maintain_order=True)
    lost = keys.join(found, on="record_id", how="anti").unique("record_id", keep="first", maintain_order=True)
    lost = lost.with_columns(_minted_by_key(keyring, lost).alias("employer_id"))
    _mint(conn, lost.select("employer_id").unique(), seq)
    frames.upsert(conn, _key, lost.select("kind", "key", "employer_id").unique())
    return pl.concat([found.select("record_id", "employer_id"), lost.select("record_id", "employer_id")])


def _mint(conn: Connection, wanted: pl.DataFrame, seq: int) -> None:
    """Write the employers that are new; one that had been redirected stands for itself again."""
    there = frames.matching(conn, _employer, wanted)
    fresh = wanted.join(there, on="employer_id", how="anti").with_columns(pl.lit(seq, pl.Int64).alias("seq"))
    frames.load(conn, _employer, fresh)
    redirected = there.filter(pl.col("merged_into").is_not_null())
    none = pl.lit(None)
    frames.upsert(conn, _employer, redirected.with_columns(merged_into=none, merged_seq=none))


def _write_mentions(conn: Connection, nodes: pl.DataFrame, known: pl.Series, seq: int) -> pl.Series:
    """Write the employers of these mentions; which of them mean another one, or none, now."""
    unnamed = known.filter(~known.is_in(nodes["record_id"].implode())).alias("record_id").to_frame()
    dropped = frames.matching(conn, _node, unnamed)["record_id"]
    frames.delete(conn, _node, unnamed)
    return pl.concat([_write_nodes(conn, nodes, seq), dropped])


def _write_nodes(conn: Connection, nodes: pl.DataFrame, seq: int) -> pl.Series:
    """Write the nodes that are new or have another employer now; which they are."""
    before = frames.matching(conn, _node, nodes.select("record_id")).select("record_id", "employer_id")
    changed = nodes.join(before, on=["record_id", "employer_id"], how="anti")
    frames.upsert(conn, _node, changed.with_columns(pl.lit(seq, pl.Int64).alias("seq")))
    return changed["record_id"]


def _minted_by_key(keyring: Keyring, keys: pl.DataFrame) -> pl.Series:
    """The identifier that a key mints where no employer record carries it."""
    text = keys.select(pl.format("{}|{}", "kind", "key").alias("id")).to_series()
    return keyed_hash(keyring, "employer", text)
