"""The queue follows the links: a case for every pair of persons in doubt, and none for what is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import Connection, select

from jendela.crypto import Keyring
from jendela.identity.review.cases import CLOSED, OPEN, case_ids
from jendela.store import frames
from jendela.store.doubts import decided_persons, doubted_persons
from jendela.store.hub import Hub
from jendela.store.tables import identity_edge, identity_node, review_case

_PERSONS = ["one", "other"]


@dataclass(frozen=True)
class Changes:
    """`opened`: rows of `review_case` that are new; `reopened`: `case_id`; `closed`: `case_id, closing`."""

    opened: pl.DataFrame
    reopened: pl.DataFrame
    closed: pl.DataFrame

    def __bool__(self) -> bool:
        return not (self.opened.is_empty() and self.reopened.is_empty() and self.closed.is_empty())


def follow(hub: Hub, now: datetime) -> None:
    """Bring the queue up to the last night; a queue that is up to date keeps no writer waiting."""
    with hub.reading() as conn:
        if not changes(conn, hub.keyring):
            return
    with hub.begin() as conn:
        apply(conn, changes(conn, hub.keyring), now)


def changes(conn: Connection, keyring: Keyring) -> Changes:
    """What the queue lacks. Several edges between two persons are one case, named by the strongest.

    A case closes as `gone` (a record was withdrawn), `united` (linked by now), `decided` (another case of the
    same persons was), `vanished` (no edge asks any more) or `joined` (its persons merged with those of an
    older case). One that an audit or a person asked for (`kept`) closes only as `gone`.
    """
    decided = _decided(conn)
    doubts = _doubts(conn).join(decided, on=_PERSONS, how="anti")
    there = _open(conn)
    closing = (
        pl.when(pl.col("one").is_null() | pl.col("other").is_null())
        .then(pl.lit("gone"))
        .when(pl.col("kept"))
        .then(None)
        .when(pl.col("one") == pl.col("other"))
        .then(pl.lit("united"))
        .when(pl.col("settled"))
        .then(pl.lit("decided"))
        .when(~pl.col("doubted"))
        .then(pl.lit("vanished"))
        .when(pl.col("place") > 0)
        .then(pl.lit("joined"))
    )
    judged = (
        there.join(decided.with_columns(settled=pl.lit(value=True)), on=_PERSONS, how="left")
        .join(
            doubts.select(_PERSONS).unique().with_columns(doubted=pl.lit(value=True)),
            on=_PERSONS,
            how="left",
        )
        .with_columns(pl.col("settled", "doubted").fill_null(value=False))
        .sort("since_seq", "case_id")
        .with_columns(place=pl.int_range(pl.len()).over("one", "other", "kept"))
        .with_columns(closing=closing)
    )
    asked = judged.filter(pl.col("closing").is_null())
    wanted = _cases(doubts.join(asked, on=_PERSONS, how="anti"), keyring)
    known = frames.matching(conn, review_case, wanted.select("case_id"))
    return Changes(
        wanted.join(known, on="case_id", how="anti"),
        known.filter(pl.col("state") == CLOSED).select("case_id"),
        judged.drop_nulls("closing").select("case_id", "closing"),
    )


def apply(conn: Connection, found: Changes, now: datetime) -> None:
    """Write them. Words that were given in a case that opens again still count, while its records stay."""
    frames.insert_missing(conn, review_case, found.opened)
    back = found.reopened.with_columns(
        state=pl.lit(OPEN),
        closing=pl.lit(None, pl.String),
        closed_at=pl.lit(None, pl.Datetime("us", "UTC")),
    )
    frames.update(conn, review_case, back, on=["case_id"])
    ended = found.closed.with_columns(
        state=pl.lit(CLOSED), closed_at=pl.lit(now).cast(pl.Datetime("us", "UTC"))
    )
    frames.update(conn, review_case, ended, on=["case_id"])


def _cases(doubts: pl.DataFrame, keyring: Keyring) -> pl.DataFrame:
    """One row of `review_case` for each pair of persons."""
    ranked = doubts.sort("probability", "left_id", "right_id", descending=[True, False, False])
    first = ranked.group_by(_PERSONS, maintain_order=True).agg(
        pl.col("left_id", "right_id").first(), since_seq=pl.col("seq").min()
    )
    return first.select(
        case_ids(keyring, first),
        "left_id",
        "right_id",
        "since_seq",
        state=pl.lit(OPEN),
        round=pl.lit(1, pl.Int64),
        kept=pl.lit(value=False),
    )


def _doubts(conn: Connection) -> pl.DataFrame:
    """The edges in zone `review` between two persons, with these."""
    edge = identity_edge.c
    query = doubted_persons(edge.left_id, edge.right_id, edge.probability, edge.seq)
    return _in_order(frames.read(conn, query)).with_columns(
        left_id=pl.min_horizontal("left_id", "right_id"), right_id=pl.max_horizontal("left_id", "right_id")
    )


def _decided(conn: Connection) -> pl.DataFrame:
    """The pairs of present persons between whom people decided."""
    return _in_order(frames.read(conn, decided_persons())).unique()


def _open(conn: Connection) -> pl.DataFrame:
    """The open cases: `case_id, since_seq, kept`, and the present persons of their records; null: gone."""
    case = review_case.c
    query = select(case.case_id, case.since_seq, case.kept, case.left_id, case.right_id)
    cases = frames.read(conn, query.where(case.state == OPEN))
    ends = pl.concat([cases["left_id"], cases["right_id"]]).unique().alias("record_id").to_frame()
    nodes = frames.matching(conn, identity_node, ends)
    for side, name in (("left_id", "one"), ("right_id", "other")):
        persons = nodes.select("record_id", pl.col("person_id").alias(name))
        cases = cases.join(persons, left_on=side, right_on="record_id", how="left", maintain_order="left")
    return _in_order(cases.drop("left_id", "right_id"))


def _in_order(pairs: pl.DataFrame) -> pl.DataFrame:
    """The two persons in the order of their ids; a missing one stays missing."""
    turned = pl.col("one") > pl.col("other")
    return pairs.with_columns(
        one=pl.when(turned).then("other").otherwise("one"),
        other=pl.when(turned).then("one").otherwise("other"),
    )
