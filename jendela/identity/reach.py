"""Whom a night can concern: the records that its changes reach over links, decisions and common persons.

The partition is local: what is closed under these can be divided alone. Of the records judged tonight all
edges are at hand; only those of the older records that they reach are read.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, select

from jendela.identity.clusters import MUST
from jendela.store import frames, records, tables
from jendela.store.tables import source_row

_pair, _member, _person = tables.identity_pair, tables.person_member, tables.person
_PAIR = ["left_id", "right_id"]
_KEPT = [*_PAIR, "weight", "zone"]
OF_PERSON = ("number", "seq", "merged_into", "merged_seq")


class Numbers:
    """The numbers of records: those at hand, and others as they are asked for."""

    def __init__(self, conn: Connection, known: pl.DataFrame) -> None:
        """`known`: `record_id, number`."""
        self._conn, self._known = conn, known.select("record_id", "number").unique("record_id")

    def add(self, known: pl.DataFrame) -> None:
        """These are at hand too."""
        self._known = pl.concat([self._known, known.select(self._known.columns)]).unique("record_id")

    def of(self, ids: pl.Series) -> pl.DataFrame:
        """`record_id, number` of those of these records that the hub knows."""
        asked = ids.unique().alias("record_id").to_frame()
        found = asked.join(self._known, on="record_id", how="left")
        if not found["number"].null_count():
            return found
        read = records.numbers(self._conn, found.filter(pl.col("number").is_null())["record_id"])
        self.add(read)
        return pl.concat([found.drop_nulls("number"), read])


@dataclass(frozen=True)
class Change:
    """What tonight changed.

    edges: the edges of tonight's records, all that they have (`left_id, right_id, weight, zone` and more).
    touched: tonight's records.
    fresh: those of them that have no person and no edges of before: the hub did not know them.
    beside: records that had an edge with one of them or of the gone: what spoke for or against is another.
    gone: records that are no more.
    numbers: those of all these records.
    """

    edges: pl.DataFrame
    touched: pl.Series
    fresh: pl.Series
    beside: pl.Series
    gone: pl.Series
    numbers: Numbers


@dataclass(frozen=True)
class Reach:
    """The records to divide anew (`ids`, in order), the edges between them, and who all records of their
    persons were before tonight (`nodes`, as `persons_of` gives them), those gone included.
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
    numbers = change.numbers
    asked = pl.concat([start.filter(~start.is_in(change.fresh.implode())), change.gone])
    found = [persons_of(conn, numbers.of(asked))]
    numbers.add(found[0])
    known = pl.concat([start, found[0]["record_id"]]).unique().rename("record_id")
    known = known.filter(~known.is_in(change.gone.implode()))
    edges = [change.edges.select(_KEPT)]
    frontier, linked = known, [strong[side] for side in _PAIR]
    while not frontier.is_empty():
        # Tonight's records have no edges but those at hand.
        older = frontier.filter(~frontier.is_in(change.touched.implode()))
        for one, other in (_PAIR, _PAIR[::-1]):
            read = _edges_of(conn, numbers.of(older), one)
            numbers.add(read.select(record_id=other, number="other"))
            edges.append(read.select(_KEPT))
            linked.append(read.filter(pl.col("weight") >= link)[other])
            linked.append(must.join(frontier.alias(one).to_frame(), on=one)[other])
        fresh = pl.concat(linked).unique()
        # Only records that there are: a decision outlives those it was about.
        found.append(persons_of(conn, numbers.of(fresh.filter(~fresh.is_in(known.implode())))))
        numbers.add(found[-1])
        frontier = found[-1]["record_id"]
        frontier = frontier.filter(~frontier.is_in(pl.concat([known, change.gone]).implode()))
        known, linked = pl.concat([known, frontier]), []
    inside = pl.concat(edges).unique(_PAIR, keep="first", maintain_order=True)
    inside = inside.filter(*(pl.col(side).is_in(known.implode()) for side in _PAIR))
    return Reach(known.sort(), inside.sort(_PAIR), pl.concat(found).unique().sort("record_id"))


def _edges_of(conn: Connection, numbers: pl.DataFrame, side: str) -> pl.DataFrame:
    """The edges (`_KEPT`) that have one of these records on this side, with the number of the `other`."""
    left, right = source_row.alias("l"), source_row.alias("r")
    ends = {"left_id": _pair.c.left, "right_id": _pair.c.right}
    (other,) = (column for name, column in ends.items() if name != side)
    names = {"left_id": left.c.record_id, "right_id": right.c.record_id}
    query = (
        select(
            *(column.label(name) for name, column in names.items()),
            _pair.c.weight,
            _pair.c.zone,
            other.label("other"),
        )
        .select_from(_pair)
        .join(left, left.c.number == _pair.c.left)
        .join(right, right.c.number == _pair.c.right)
    )
    if numbers.is_empty():
        return frames.read(conn, query.limit(0))
    with frames.asked(conn, numbers.select(asked="number")) as asked:
        return frames.read(conn, query.join(asked, asked.c.asked == ends[side]))


def persons_of(conn: Connection, numbers: pl.DataFrame) -> pl.DataFrame:
    """`record_id, number, person_id` of all records of the persons to whom these (`number`) belong; and of
    the person the columns `OF_PERSON`, with `_p` behind their names.
    """
    mine, theirs = _member.alias("mine"), _member.alias("theirs")
    query = (
        select(
            source_row.c.record_id,
            theirs.c.number,
            _person.c.person_id,
            *(_person.c[name].label(f"{name}_p") for name in OF_PERSON),
        )
        .select_from(mine)
        .join(theirs, theirs.c.person == mine.c.person)
        .join(source_row, source_row.c.number == theirs.c.number)
        .join(_person, _person.c.number == mine.c.person)
    )
    if numbers.is_empty():
        return frames.read(conn, query.limit(0))
    with frames.asked(conn, numbers.select(asked="number")) as asked:
        return frames.read(conn, query.join(asked, asked.c.asked == mine.c.number)).unique()
