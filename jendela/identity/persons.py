"""Persons kept over the nights: edges stored, components touched tonight divided anew, identifiers stable."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, and_, or_, select

from jendela.crypto import Keyring, keyed_hash
from jendela.identity.certain import CERTAIN
from jendela.identity.clusters import CANNOT, MUST, partition
from jendela.identity.stable import assign
from jendela.store import frames, tables

_edge, _node, _person, _key = tables.identity_edge, tables.identity_node, tables.person, tables.identity_key
_PAIR = ["left_id", "right_id"]


@dataclass(frozen=True)
class Persons:
    """`nodes`: `record_id, person_id` of every record looked at tonight; and counts for the receipt."""

    nodes: pl.DataFrame
    counts: dict[str, int]


def write_edges(
    conn: Connection, edges: pl.DataFrame, touched: pl.Series, gone: pl.Series, model: str, seq: int
) -> None:
    """Replace all edges of the records touched or gone. Partings by score alone, most pairs, are not kept."""
    outdated = pl.concat([touched, gone])
    for side in _PAIR:
        frames.delete(conn, _edge, outdated.alias(side).to_frame())
    kept = edges.filter((pl.col("zone") != "apart") | (pl.col("tier") == CERTAIN))
    frames.load(
        conn, _edge, kept.with_columns(pl.lit(model).alias("model"), pl.lit(seq, pl.Int64).alias("seq"))
    )


def maintain(conn: Connection, keyring: Keyring, touched: pl.Series, gone: pl.Series, seq: int) -> Persons:
    """Divide the components that tonight touched, by their stored edges and decisions; write who is who.

    `identity_node.seq` is the last night on which the membership of the record's person changed.
    """
    decisions = _decisions(conn)
    before = _nodes_like(conn, pl.concat([touched, gone]))
    start = pl.concat([touched, before["record_id"], _defied(conn, decisions)])
    ids = _closure(conn, start.unique(), decisions)
    ids = ids.filter(~ids.is_in(gone.implode()))

    edges = _inside(conn, ids)
    numbers = frames.matching(conn, _key, ids.to_frame(), _key.c.kind == "nik")
    clusters = partition(
        ids, edges, decisions, numbers.select("record_id", pl.col("key").alias("number")).unique("record_id")
    )
    known_nodes = _nodes_like(conn, pl.concat([ids, gone]))
    previous = known_nodes.select("record_id", pl.col("person_id").alias("id"))
    minted = pl.DataFrame({"record_id": ids, "id": keyed_hash(keyring, "person", ids)})
    asked = pl.concat([previous["id"], minted["id"]]).unique().alias("person_id")
    known = frames.matching(conn, _person, asked.to_frame()).rename({"person_id": "id"})
    assigned = assign(clusters, previous, minted, known, seq)

    frames.upsert(conn, _person, assigned.identities.rename({"id": "person_id"}))
    names = assigned.nodes.rename({"id": "person_id"})
    moved = names.filter("moved").select("record_id", "person_id", pl.lit(seq, pl.Int64).alias("seq"))
    frames.upsert(conn, _node, moved)
    frames.delete(conn, _node, gone.alias("record_id").to_frame())
    return Persons(
        names.select("record_id", "person_id"),
        {"persons": names["person_id"].n_unique(), "merged": assigned.merged, "split": assigned.split},
    )


def _nodes_like(conn: Connection, records: pl.Series) -> pl.DataFrame:
    """All nodes of the persons to whom these records belong."""
    own = frames.matching(conn, _node, records.unique().alias("record_id").to_frame())
    return frames.matching(conn, _node, own.select("person_id").unique())


def _decisions(conn: Connection) -> pl.DataFrame:
    """The last decision on each pair, `left_id < right_id`."""
    table = tables.identity_decision
    made = frames.read(
        conn, select(table.c.left_id, table.c.right_id, table.c.verdict).order_by(table.c.decided_at)
    )
    ordered = made.select(
        pl.min_horizontal("left_id", "right_id").alias("left_id"),
        pl.max_horizontal("left_id", "right_id").alias("right_id"),
        "verdict",
    )
    return ordered.unique(_PAIR, keep="last", maintain_order=True).sort(_PAIR)


def _defied(conn: Connection, decisions: pl.DataFrame) -> pl.Series:
    """The records of decisions that the present division does not follow: those made since it was."""
    ends = pl.concat([decisions["left_id"], decisions["right_id"]]).unique()
    nodes = frames.matching(conn, _node, ends.alias("record_id").to_frame()).select("record_id", "person_id")
    placed = decisions.join(nodes, left_on="left_id", right_on="record_id")
    placed = placed.join(nodes, left_on="right_id", right_on="record_id", suffix="_right")
    together = pl.col("person_id") == pl.col("person_id_right")
    defied = placed.filter(
        ((pl.col("verdict") == MUST) & ~together) | ((pl.col("verdict") == CANNOT) & together)
    )
    return pl.concat([defied["left_id"], defied["right_id"]])


def _closure(conn: Connection, start: pl.Series, decisions: pl.DataFrame) -> pl.Series:
    """The records reachable from `start` over links, must-link decisions and common persons."""
    must = decisions.filter(pl.col("verdict") == MUST).select(_PAIR)
    known = frontier = start.alias("record_id")
    while not frontier.is_empty():
        reached = []
        for one, other in (_PAIR, _PAIR[::-1]):
            ends = frontier.alias(one).to_frame()
            linked = frames.matching(conn, _edge, ends, _edge.c.zone == "link")
            reached += [linked[other], must.join(ends, on=one)[other]]
        fresh = pl.concat(reached).unique()
        fresh = fresh.filter(~fresh.is_in(known.implode()))
        same_person = _nodes_like(conn, fresh)["record_id"]
        frontier = pl.concat([fresh, same_person]).unique().alias("record_id")
        frontier = frontier.filter(~frontier.is_in(known.implode()))
        known = pl.concat([known, frontier])
    return known.sort()


def _inside(conn: Connection, ids: pl.Series) -> pl.DataFrame:
    """The links and certain partings between these records."""
    binding = or_(_edge.c.zone == "link", and_(_edge.c.zone == "apart", _edge.c.tier == CERTAIN))
    touching = frames.matching(conn, _edge, ids.alias("left_id").to_frame(), binding)
    return touching.filter(pl.col("right_id").is_in(ids.implode()))
