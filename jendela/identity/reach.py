"""Whom a night can concern: the records that its changes reach over links, decisions and common persons.

The partition is local: what is closed under these can be divided alone. Of the records judged tonight all
edges are at hand; only those of the older records that they reach are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select

from jendela.identity.decisions import MUST
from jendela.store import frames, records, tables

_pair, _member, _person = tables.identity_pair, tables.person_member, tables.person
_PAIR, _ENDS = ["left_id", "right_id"], ["left", "right"]
_KEPT = [*_ENDS, "weight", "zone"]
OF_PERSON = ("number", "seq", "merged_into", "merged_seq")


class Numbers:
    """Records by id and by number: those at hand, and others as they are asked for."""

    def __init__(self, conn: Connection, known: pl.DataFrame) -> None:
        """`known`: `record_id, number`."""
        self._conn, self._known = conn, known.select("record_id", "number").unique("number")

    def of(self, ids: pl.Series) -> pl.DataFrame:
        """`record_id, number` of those of these records that the hub knows."""
        return self._found(ids.unique().alias("record_id"), records.numbers)

    def named(self, numbers: pl.Series) -> pl.DataFrame:
        """`record_id, number` of the records with these numbers."""
        return self._found(numbers.unique().alias("number"), records.named)

    def _found(self, asked: pl.Series, read: Callable[[Connection, pl.Series], pl.DataFrame]) -> pl.DataFrame:
        found = self._known.join(asked.to_frame(), on=asked.name, how="semi")
        if found.height == len(asked):
            return found
        more = read(self._conn, asked.filter(~asked.is_in(found[asked.name].implode())))
        self._known = pl.concat([self._known, more.select(self._known.columns)])
        return pl.concat([found, more.select(found.columns)])


@dataclass(frozen=True)
class Change:
    """What tonight changed, by the numbers of records.

    edges: the edges of tonight's records, all that they have (`left, right, weight, zone`).
    touched: tonight's records.
    fresh: those of them that have no person and no edges of before: the hub did not know them.
    beside: records that had an edge with one of them or of the gone: what spoke for or against is another.
    gone: records that are no more.
    numbers: the ids of all these records.
    """

    edges: pl.DataFrame
    touched: pl.Series
    fresh: pl.Series
    beside: pl.Series
    gone: pl.Series
    numbers: Numbers


@dataclass(frozen=True)
class Reach:
    """The `records` to divide anew (`record_id, number`, in order of the ids); the `edges` between them
    (`left_id, right_id, left, right, weight, zone`); and who all records of their persons were before
    tonight, those gone included (`nodes`: as `persons_of` gives them, and `record_id`).
    """

    records: pl.DataFrame
    edges: pl.DataFrame
    nodes: pl.DataFrame


def reach(
    conn: Connection, change: Change, decided: pl.Series, decisions: pl.DataFrame, link: float
) -> Reach:
    """Everybody whom the change can concern.

    Args:
        decided: numbers of the records of decisions that no night has followed yet.
        decisions: the last decision on each pair.
        link: the weight from which a pair is joined.
    """
    must = numbered(decisions.filter(pl.col("verdict") == MUST).select(_PAIR), change.numbers)
    strong = change.edges.filter(pl.col("weight") >= link)
    known = pl.concat([change.touched, change.beside, decided]).unique()
    found = [persons_of(conn, pl.concat([_without(known, change.fresh), change.gone]))]
    known = _without(pl.concat([known, found[0]["number"]]).unique(), change.gone)
    edges = [change.edges.select(_KEPT)]
    frontier, linked = known, [strong[side] for side in _ENDS]
    while not frontier.is_empty():
        # Tonight's records have no edges but those at hand.
        older = _without(frontier, change.touched)
        for one, other in (_ENDS, _ENDS[::-1]):
            read = _edges_of(conn, older, one)
            edges.append(read)
            linked.append(read.filter(pl.col("weight") >= link)[other])
            linked.append(must.filter(pl.col(one).is_in(frontier.implode()))[other])
        # Only records that there are: a decision outlives those it was about.
        found.append(persons_of(conn, _without(pl.concat(linked).unique(), known)))
        frontier = _without(_without(found[-1]["number"].unique(), known), change.gone)
        known, linked = pl.concat([known, frontier]), []
    inside = pl.concat(edges).unique(_ENDS, keep="first", maintain_order=True)
    inside = inside.filter(*(pl.col(side).is_in(known.implode()) for side in _ENDS))
    nodes = pl.concat(found).unique()
    every = change.numbers.named(pl.concat([known, nodes["number"]]))
    return Reach(
        every.filter(pl.col("number").is_in(known.implode())).sort("record_id"),
        named(inside, every).sort(_PAIR),
        nodes.join(every, on="number").sort("record_id"),
    )


def numbered(pairs: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """The pairs (`left_id, right_id`, and more) with the numbers `left, right` of their records in place of
    the ids; without those of records that the hub does not know.
    """
    if pairs.is_empty():
        return pairs.with_columns(pl.lit(None, pl.Int64).alias(end) for end in _ENDS).drop(_PAIR)
    known = numbers.of(pl.concat([pairs[side] for side in _PAIR]))
    for side, end in zip(_PAIR, _ENDS, strict=True):
        pairs = pairs.join(known.rename({"record_id": side, "number": end}), on=side, maintain_order="left")
    return pairs.drop(_PAIR)


def named(pairs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The pairs (`left, right`) with the ids `left_id, right_id` of their records too, which are `known`."""
    for side, end in zip(_PAIR, _ENDS, strict=True):
        pairs = pairs.join(known.rename({"record_id": side, "number": end}), on=end, maintain_order="left")
    return pairs


def _without(numbers: pl.Series, others: pl.Series) -> pl.Series:
    return numbers.filter(~numbers.is_in(others.implode()))


def _edges_of(conn: Connection, numbers: pl.Series, side: str) -> pl.DataFrame:
    """The edges (`_KEPT`) that have one of these records on this side."""
    query = select(*(_pair.c[name] for name in _KEPT))
    if numbers.is_empty():
        return frames.read(conn, query.limit(0))
    with frames.asked(conn, numbers.alias("asked").to_frame()) as asked:
        return frames.read(conn, query.join(asked, asked.c.asked == _pair.c[side]))


def persons_of(conn: Connection, numbers: pl.Series) -> pl.DataFrame:
    """`number, person_id` of all records of the persons to whom these belong; and of the person the columns
    `OF_PERSON`, with `_p` behind their names.
    """
    mine, theirs = _member.alias("mine"), _member.alias("theirs")
    query = (
        select(
            theirs.c.number,
            _person.c.person_id,
            *(_person.c[name].label(f"{name}_p") for name in OF_PERSON),
        )
        .select_from(mine)
        .join(theirs, theirs.c.person == mine.c.person)
        .join(_person, _person.c.number == mine.c.person)
    )
    if numbers.is_empty():
        return frames.read(conn, query.limit(0))
    with frames.asked(conn, numbers.alias("asked").to_frame()) as asked:
        return frames.read(conn, query.join(asked, asked.c.asked == mine.c.number)).unique()
