"""The queue as a reviewer meets it: what is at stake first, then what is older; never by any likelihood."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, and_, select

from jendela.identity.review import upkeep
from jendela.identity.review.cases import DECIDED, OPEN, Case, basis
from jendela.identity.review.people import is_same, named
from jendela.identity.review.stakes import STAKES, stakes
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import identity_decision, identity_node, night, review_case, review_verdict


@dataclass(frozen=True)
class Waiting:
    """A case that waits: since which night, and what it holds up. Neither names nor numbers, nor a score."""

    case_id: str
    since: date | None
    stake: str

    def as_dict(self) -> dict[str, Any]:
        """The case as JSON values."""
        return {**asdict(self), "since": self.since and str(self.since)}


def waiting(hub: Hub, now: datetime, who: str | None = None) -> list[Waiting]:
    """The open cases in order; with `who` only those on which this person may still speak."""
    upkeep.follow(hub, now)
    with hub.reading() as conn:
        cases = _open(conn)
        at_stake = stakes(conn, pl.concat([cases["one"], cases["other"]]).drop_nulls(), now.date())
        heard = _heard(conn, named(who)) if who else set()
        days = frames.read(conn, select(night.c.seq, night.c.day))
    of_one, of_other = (at_stake.rename({"person_id": name, "stake": f"of_{name}"}) for name in _SIDES)
    ordered = (
        cases.join(of_one, on="one")
        .join(of_other, on="other")
        .join(days, left_on="since_seq", right_on="seq", how="left")
        .with_columns(stake=pl.min_horizontal("of_one", "of_other"))
        .filter(~pl.col("case_id").is_in(list(heard)))
        .sort("stake", "since_seq", "case_id")
    )
    rows = ordered.select("case_id", "day", "stake").iter_rows()
    return [Waiting(case_id, day, STAKES[stake]) for case_id, day, stake in rows]


_SIDES = ("one", "other")


@dataclass(frozen=True)
class Ruling:
    """A verdict that binds: who gave it, when and why. The last one on a case is in force."""

    case_id: str
    verdict: str  # must_link | cannot_link
    who: str
    why: str
    decided_at: datetime

    def as_dict(self) -> dict[str, Any]:
        """The ruling as JSON values."""
        return {**asdict(self), "decided_at": self.decided_at.isoformat()}


def rulings(hub: Hub) -> list[Ruling]:
    """Every verdict that was ever bound, of cases that are not asked again at present; oldest first."""
    made, case = identity_decision.c, review_case.c
    query = (
        select(case.case_id, made.verdict, made.who, made.why, made.decided_at)
        .join(review_case, and_(case.left_id == made.left_id, case.right_id == made.right_id))
        .where(case.state == DECIDED)
        .order_by(made.decided_at, case.case_id)
    )
    with hub.reading() as conn:
        return [Ruling(*row) for row in frames.read(conn, query).iter_rows()]


def _open(conn: Connection) -> pl.DataFrame:
    case, left, right = review_case.c, identity_node.alias("l"), identity_node.alias("r")
    query = (
        select(case.case_id, case.since_seq, left.c.person_id.label("one"), right.c.person_id.label("other"))
        .join(left, left.c.record_id == case.left_id)
        .join(right, right.c.record_id == case.right_id)
        .where(case.state == OPEN)
    )
    return frames.read(conn, query)


def _heard(conn: Connection, who: str) -> set[str]:
    """The open cases on which this person has spoken about the records as they are now."""
    case, word = review_case.c, review_verdict.c
    query = (
        select(case.case_id, case.left_id, case.right_id, case.state, case.round, word.who, word.basis)
        .join(review_verdict, word.case_id == case.case_id)
        .where(case.state == OPEN)
    )
    return {
        row.case_id
        for row in conn.execute(query)
        if is_same(row.who, who) and row.basis == basis(conn, Case(*row[:5]))
    }
