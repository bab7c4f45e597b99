"""Persons kept over the nights: edges stored, components touched tonight divided anew, identifiers stable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

import polars as pl
from sqlalchemy import Connection, func, select

from jendela.crypto import Keyring
from jendela.identity.cluster import divide
from jendela.identity.cluster.components import components
from jendela.identity.decisions import MUST
from jendela.identity.person_ids import minted
from jendela.identity.reach import OF_PERSON, Change, Numbers, numbered, reach
from jendela.identity.stable import assign
from jendela.store import frames, tables

_node, _person = tables.identity_node, tables.person
_pair, _member = tables.identity_pair, tables.person_member
_decision = tables.identity_decision
_PAIR, _ENDS = ["left_id", "right_id"], ["left", "right"]
# Weights of pairs of records that no key brought together: `left_id, right_id` → the same with `weight`.
Weigh = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Persons:
    """`nodes`: `record_id, number, person_id` of every record looked at tonight; and counts for the
    receipt.
    """

    nodes: pl.DataFrame
    counts: dict[str, int]


def write_edges(
    conn: Connection,
    edges: pl.DataFrame,
    touched: pl.Series,
    fresh: pl.Series,
    gone: pl.Series,
    numbers: pl.DataFrame,
    model: str,
    seq: int,
) -> Change:
    """Replace the edges of records touched or gone. Partings by weight alone, most pairs, are not kept.

    Args:
        numbers: `record_id, number` of the records touched or gone, and of others that are at hand.
    """
    known = Numbers(conn, numbers)
    touched, fresh, gone = (known.of(ids)["number"] for ids in (touched, fresh, gone))
    outdated = pl.concat([touched.filter(~touched.is_in(fresh.implode())), gone])
    beside = [outdated.clear()]
    for side, other in (_ENDS, _ENDS[::-1]):
        ends = outdated.alias(side).to_frame()
        beside.append(frames.matching(conn, _pair, ends)[other])
        if not beside[-1].is_empty():
            frames.delete(conn, _pair, ends)
    pairs = numbered(edges, known)
    written = pairs.with_columns(pl.lit(model).alias("model"), pl.lit(seq, pl.Int64).alias("seq"))
    frames.load(conn, _pair, written.sort(_ENDS))
    return Change(pairs, touched, fresh, pl.concat(beside).unique().alias("number"), gone, known)


def maintain(
    conn: Connection,
    keyring: Keyring,
    change: Change,
    seq: int,
    link: float,
    weights: pl.DataFrame,
    weigh: Weigh,
) -> Persons:
    """Divide the components that tonight touched, by their stored edges and decisions; write who is who.

    Args:
        link: the weight from which a pair is joined.
        weights: `left_id, right_id, weight` of the pairs compared tonight.
        weigh: gives the weights of pairs that are in one component but are neither there nor stored.
    """
    of = _decision.c
    query = select(of.decision_id, of.left_id, of.right_id, of.verdict, of.seq).order_by(of.decided_at)
    made = frames.read(conn, query)
    decisions, fresh = _last(made), made.filter(pl.col("seq").is_null())
    reached = reach(conn, change, _ends(conn, fresh), decisions, link)
    numbers, ids = reached.records, reached.records["record_id"]
    known = pl.concat([reached.edges.select(weights.columns), weights])
    known = known.unique(_PAIR, keep="first", maintain_order=True)
    clusters = _divided(ids, known, decisions, link, weigh)
    _mark_contested(conn, reached.edges, clusters, link)
    previous = reached.nodes.select("record_id", id="person_id")
    had = reached.nodes.select(id="person_id", **{name: f"{name}_p" for name in OF_PERSON}).unique("id")
    living = previous.filter(pl.col("record_id").is_in(ids.implode()))
    mint = minted(conn, keyring, numbers, living, had)
    assigned = assign(clusters, previous, mint.ids, mint.known, seq, mint.older)

    persons = pl.concat([mint.known.select("id", "number"), _write(conn, assigned.identities, mint.known)])
    names = assigned.nodes.rename({"id": "person_id"}).join(numbers, on="record_id")
    moved = names.filter("moved").join(
        persons.select(person_id="id", person="number"), on="person_id", how="left"
    )
    moved = moved.select("number", "person", pl.lit(seq, pl.Int64).alias("seq"))
    frames.upsert(conn, _member, moved.sort("number"))
    frames.delete(conn, _member, change.gone.alias("number").to_frame())
    # Those that were read: what reviewers have committed since, the next night follows.
    followed = fresh.select("decision_id", pl.lit(seq, pl.Int64).alias("seq"))
    frames.update(conn, _decision, followed, ["decision_id"])
    return Persons(
        names.select("record_id", "number", "person_id"),
        {"persons": names["person_id"].n_unique(), "merged": assigned.merged, "split": assigned.split},
    )


def _write(conn: Connection, identities: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Write persons (`Assigned.identities`), of whom some are `stored`; `id, number` of the new ones."""
    rows = identities.join(stored.select("id", "number"), on="id", how="left", maintain_order="left")
    frames.upsert(conn, _person, rows.drop_nulls("number").rename({"id": "person_id"}))
    last = conn.execute(select(func.max(_person.c.number))).scalar_one() or 0
    new = rows.filter(pl.col("number").is_null())
    new = new.with_columns(number=pl.int_range(last + 1, last + 1 + new.height, dtype=pl.Int64, eager=True))
    frames.load(conn, _person, new.rename({"id": "person_id"}))
    return new.select("id", "number")


def _divided(
    ids: pl.Series, known: pl.DataFrame, decisions: pl.DataFrame, link: float, weigh: Weigh
) -> pl.DataFrame:
    """`record_id, cluster`, a cluster named by its least record."""
    bound = decisions.with_columns(
        pl.when(pl.col("verdict") == MUST).then(divide.MUST).otherwise(divide.CANNOT).alias("weight")
    ).select(*_PAIR, "weight")
    bound = bound.filter(pl.col("left_id").is_in(ids.implode()) & pl.col("right_id").is_in(ids.implode()))
    # A decision stands in place of the evidence.
    weights = pl.concat([known.join(bound, on=_PAIR, how="anti"), bound])
    whole = components(ids, weights.filter(pl.col("weight") >= link).select(_PAIR))
    inside = _pairs_inside(whole)
    unknown = inside.join(weights, on=_PAIR, how="anti").sort(_PAIR)
    if not unknown.is_empty():
        weights = pl.concat([weights, weigh(unknown).select(weights.columns)])
    placed = weights.join(inside, on=_PAIR, how="inner").sort("component", *_PAIR)
    contested = placed.filter(pl.col("weight") < link)["component"].unique()
    divided = []
    members = dict(
        whole.filter(pl.col("component").is_in(contested.implode()))
        .group_by("component")
        .agg("record_id")
        .iter_rows()
    )
    rows = placed.filter(pl.col("component").is_in(contested.implode())).select("component", *_PAIR, "weight")
    for component, listed in groupby(rows.iter_rows(), key=lambda row: row[0]):
        division = divide.divide(members[component], (row[1:] for row in listed), link)
        divided += list(division.group.items())
    of_one_mind = whole.filter(~pl.col("component").is_in(contested.implode())).rename(
        {"component": "cluster"}
    )
    schema = {"record_id": pl.String, "cluster": pl.String}
    parted = pl.DataFrame(divided, schema=schema, orient="row")
    return pl.concat([of_one_mind.select(*schema), parted]).sort("record_id")


def _pairs_inside(whole: pl.DataFrame) -> pl.DataFrame:
    """All pairs of records in one component: `left_id, right_id, component`."""
    several = whole.filter(pl.len().over("component") > 1)
    both = several.join(several, on="component", suffix="_r").filter(
        pl.col("record_id") < pl.col("record_id_r")
    )
    return both.select(left_id="record_id", right_id="record_id_r", component="component")


def _mark_contested(conn: Connection, edges: pl.DataFrame, clusters: pl.DataFrame, link: float) -> None:
    """A strong pair that the division keeps apart goes to review; one that it unites again is a link."""
    strong = edges.filter(pl.col("weight") >= link)
    strong = strong.join(clusters, left_on="left_id", right_on="record_id")
    strong = strong.join(clusters, left_on="right_id", right_on="record_id", suffix="_r")
    one = pl.col("cluster") == pl.col("cluster_r")
    zone = pl.when(one).then(pl.lit("link")).otherwise(pl.lit("review"))
    changed = strong.with_columns(zone.alias("now")).filter(pl.col("now") != pl.col("zone"))
    frames.update(conn, _pair, changed.select(*_ENDS, zone="now"), _ENDS)


def _last(made: pl.DataFrame) -> pl.DataFrame:
    """Of decisions in their order, the last on each pair: `left_id < right_id, verdict`."""
    ordered = made.select(
        pl.min_horizontal("left_id", "right_id").alias("left_id"),
        pl.max_horizontal("left_id", "right_id").alias("right_id"),
        "verdict",
    )
    return ordered.unique(_PAIR, keep="last", maintain_order=True).sort(_PAIR)


def _ends(conn: Connection, fresh: pl.DataFrame) -> pl.Series:
    """The numbers of the known records of decisions that no night has followed yet. One that changes nothing
    by itself, as it keeps a record from where it was not, may still free it to go elsewhere.
    """
    ends = pl.concat([fresh["left_id"], fresh["right_id"]]).alias("record_id").to_frame()
    return frames.matching(conn, _node, ends)["number"]
