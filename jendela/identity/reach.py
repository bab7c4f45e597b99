"""Whom a night can concern: the records that its changes reach over links, decisions and common persons.

The partition is local: what is closed under these can be divided alone. Of the records judged tonight all
edges are at hand; only those of the older records that they reach are read.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select

from jendela.identity.clusters import MUST
from jendela.store import frames, tables

_edge, _node = tables.identity_edge, tables.identity_node
_PAIR = ["left_id", "right_id"]
_KEPT = [*_PAIR, "weight", "zone"]


@dataclass(frozen=True)
class Change:
    """What tonight changed.

    edges: the edges of tonight's records, all that they have (`left_id, right_id, weight, zone` and more).
    touched: tonight's records.
    fresh: those of them that have no person and no edges of before: the hub did not know them.
    beside: records that had an edge with one of them or of the gone: what spoke for or against is another.
    gone: records that are no more.
    numbers: `record_id, number` of the records touched or gone.
    """

    edges: pl.DataFrame
    touched: pl.Series
    fresh: pl.Series
    beside: pl.Series
    gone: pl.Series
    numbers: pl.DataFrame


@dataclass(frozen=True)
class Reach:
    """The records to divide anew (`ids`, in order), the edges between them, and who all records of their
    persons were before tonight (`nodes`: `record_id, person_id`), those gone included.
    """

    ids: pl.Series
    edges: pl.DataFrame
    nodes: pl.DataFrame


def reach(
    conn: Connection, change: Change, decided: pl.Series, decisions: pl.DataFrame, link: float
) -> Reach:
    """Everybody whom the change can concern.

    Args:
        decided: records of decisions that no night has followed yet.
        decisions: the last decision on each pair.
        link: the weight from which a pair is joined.
    """
    must = decisions.filter(pl.col("verdict") == MUST).select(_PAIR)
    strong = change.edges.filter(pl.col("weight") >= link)
    start = pl.concat([change.touched, change.beside, decided]).unique()
    found = [persons_of(conn, pl.concat([start.filter(~start.is_in(change.fresh.implode())), change.gone]))]
    known = pl.concat([start, found[0]["record_id"]]).unique().rename("record_id")
    known = known.filter(~known.is_in(change.gone.implode()))
    edges = [change.edges.select(_KEPT)]
    frontier, linked = known, [strong[side] for side in _PAIR]
    while not frontier.is_empty():
        # Tonight's records have no edges but those at hand.
        older = frontier.filter(~frontier.is_in(change.touched.implode()))
        for one, other in (_PAIR, _PAIR[::-1]):
            read = frames.matching(conn, _edge, older.alias(one).to_frame()).select(_KEPT)
            edges.append(read)
            linked.append(read.filter(pl.col("weight") >= link)[other])
            linked.append(must.join(frontier.alias(one).to_frame(), on=one)[other])
        fresh = pl.concat(linked).unique()
        # Only records that there are: a decision outlives those it was about.
        found.append(persons_of(conn, fresh.filter(~fresh.is_in(known.implode()))))
        frontier = found[-1]["record_id"]
        frontier = frontier.filter(~frontier.is_in(pl.concat([known, change.gone]).implode()))
        known, linked = pl.concat([known, frontier]), []
    inside = pl.concat(edges).unique(_PAIR, keep="first", maintain_order=True)
    inside = inside.filter(*(pl.col(side).is_in(known.implode()) for side in _PAIR))
    return Reach(known.sort(), inside.sort(_PAIR), pl.concat(found).unique().sort("record_id"))


def persons_of(conn: Connection, records: pl.Series) -> pl.DataFrame:
    """`record_id, number, person_id` of all records of the persons to whom these belong."""
    if records.is_empty():
        return pl.DataFrame(schema={"record_id": pl.String, "number": pl.Int64, "person_id": pl.String})
    with frames.asked(conn, records.alias("record_id").to_frame()) as asked:
        mine, theirs = _node.alias("mine"), _node.alias("theirs")
        query = (
            select(theirs.c.record_id, theirs.c.number, theirs.c.person_id)
            .select_from(asked)
            .join(mine, mine.c.record_id == asked.c.record_id)
            .join(theirs, theirs.c.person_id == mine.c.person_id)
        )
        return frames.read(conn, query).unique()
