"""Pairs of the hub's register: of a person, or two records by their ids; judged as the last night judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Column, Connection, or_, select

from jendela.evidence import ledger
from jendela.identity import fits, records
from jendela.identity.compare.commonness import commonness
from jendela.identity.compare.evidence import evidence
from jendela.identity.explain.account import Account, accounts, strongest_first
from jendela.identity.explain.explained import Explained, notes_on, values_of
from jendela.identity.person_ids import NUMBER
from jendela.identity.policy import Policy, load_policy
from jendela.identity.resolve import APART, LINK, REVIEW, Fit
from jendela.identity.review.people import named
from jendela.identity.standard.frame import standardise
from jendela.model.errors import WrongUseError
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import identity_decision, identity_edge, identity_node, person, receipt

KEYED = 8  # digits of a keyed hash that an id is named by at least; fewer would be a guess
# A person's id begins with a running number, which anybody can count: that says nothing.
LEAST_DIGITS = {"person": NUMBER + KEYED, "record": KEYED}
Pair = tuple[str, str]


def of_person(hub: Hub, prefix: str) -> Explained:
    """Every pair of a person's records, the strongest path first; then those with other persons.

    Others are those in review, and those that share a number and were parted.

    Raises:
        WrongUseError: no person, or more than one, has an id that begins like this.
    """
    with hub.reading() as conn:
        found = _in_force(conn, _one(conn, person.c.person_id, prefix, "person"))
        ids = _records_of(conn, found)
        others = _others(conn, ids)
        own = list(combinations(ids, 2))
        policy, fit, day = _in_use(hub, conn)
        told = _accounts(hub, conn, [*own, *others], policy, fit, day)
    inside, outside = told[: len(own)], told[len(own) :]
    outside.sort(key=lambda account: (-account.weight, account.left, account.right))
    return Explained(fit, tuple(strongest_first(inside)), tuple(outside), found, len(ids))


def of_link(hub: Hub, left: str, right: str) -> Explained:
    """Two records, by the beginnings of their ids.

    Raises:
        WrongUseError: an id is not one record's, or both are the same one's.
    """
    with hub.reading() as conn:
        one, other = (_one(conn, identity_node.c.record_id, prefix, "record") for prefix in (left, right))
        if one == other:
            raise WrongUseError(f"{left} and {right} are one record: name two.")
        policy, fit, day = _in_use(hub, conn)
        return Explained(fit, tuple(_accounts(hub, conn, [(one, other)], policy, fit, day)))


def with_values(hub: Hub, found: Explained, who: str, now: datetime) -> Explained:
    """The same with what the records say; that `who` looks at them is in the ledger before.

    Raises:
        WrongUseError: nobody is named.
    """
    ids = sorted({record for account in found.pairs for record in (account.left, account.right)})
    with hub.begin() as conn:
        ledger.append(conn, "view", {"explained": ids, "who": named(who), "at": now.isoformat()})
    with hub.reading() as conn:
        raw = records.stored(conn, hub.keyring, pl.Series("record_id", ids))
    rows = {row["record_id"]: values_of(row) for row in raw.iter_rows(named=True)}
    return replace(found, values=rows)


def _one(conn: Connection, column: Column[Any], prefix: str, thing: str) -> str:
    if len(prefix) < LEAST_DIGITS[thing]:
        raise WrongUseError(f"A {thing} is named by at least {LEAST_DIGITS[thing]} digits of its id.")
    query = select(column).where(or_(column == prefix, column.startswith(prefix, autoescape=True)))
    found = list(conn.execute(query.order_by(column).limit(2)).scalars())
    if prefix in found:
        return prefix
    if len(found) != 1:
        raise WrongUseError(f"{'No' if not found else 'More than one'} {thing} begins with {prefix}.")
    return str(found[0])


def _in_force(conn: Connection, person_id: str) -> str:
    """Whom this person was merged into, or itself."""
    merged = select(person.c.merged_into).where(person.c.person_id == person_id)
    while (into := conn.execute(merged.limit(1)).scalar_one_or_none()) is not None:
        person_id = into
        merged = select(person.c.merged_into).where(person.c.person_id == person_id)
    return person_id


def _records_of(conn: Connection, person_id: str) -> list[str]:
    node = identity_node.c
    query = select(node.record_id).where(node.person_id == person_id).order_by(node.record_id)
    ids = list(conn.execute(query).scalars())
    if not ids:
        raise WrongUseError(f"Person {person_id[:12]} has no record any more.")
    return ids


def _others(conn: Connection, ids: list[str]) -> list[Pair]:
    """The stored edges, not links, between these records and those of other persons."""
    edge, found = identity_edge.c, []
    for side in (edge.left_id, edge.right_id):
        for record in ids:
            query = select(edge.left_id, edge.right_id).where(side == record, edge.zone != LINK)
            found += [(left, right) for left, right in conn.execute(query)]
    own = set(ids)
    return sorted({pair for pair in found if not own >= set(pair)})


def _accounts(
    hub: Hub, conn: Connection, pairs: list[Pair], policy: Policy, fit: Fit, day: date
) -> list[Account]:
    if not pairs:
        return []
    ids = sorted({record for pair in pairs for record in pair})
    raw = records.stored(conn, hub.keyring, pl.Series("record_id", ids))
    row = {record: number for number, record in enumerate(raw["record_id"])}
    if missing := set(ids) - set(row):
        raise WrongUseError(f"Record {min(missing)[:12]} was withdrawn.")
    standard = standardise(raw, day)
    left, right = (np.array([row[pair[side]] for pair in pairs], dtype=np.int64) for side in (0, 1))
    judged = fit.judged_by_night(evidence(standard, commonness(standard, fit.counted), left, right))
    person_of = _persons(conn, ids)
    reviewed = _reviewed(conn, pairs)
    one = [person_of[a] == person_of[b] for a, b in pairs]
    zones = [
        LINK if same else REVIEW if pair in reviewed else APART for same, pair in zip(one, pairs, strict=True)
    ]
    decided = _decisions(conn, pairs)
    return [
        replace(account, notes=notes_on(account, policy, decided.get((account.left, account.right))))
        for account in accounts(pairs, judged, zones, fit)
    ]


def _in_use(hub: Hub, conn: Connection) -> tuple[Policy, Fit, date]:
    """What the last night judged by, and its day."""
    policy = load_policy(hub.settings.agreements)
    last = select(receipt.c.day).where(receipt.c.step == fits.STEP).order_by(receipt.c.leaf.desc()).limit(1)
    day = conn.execute(last).scalar_one_or_none()
    versions = records.last_versions(conn, fits.STEP)
    if day is None or versions is None:
        raise WrongUseError("No night has said who is who yet: `jendela run`.")
    fit = fits.current(hub, conn, policy, versions, 0)
    if fit is None or versions.get("model") != policy.version:
        raise WrongUseError(
            "How records are linked was changed since the last night; the next night judges all of them anew."
        )
    return policy, fit, day


def _persons(conn: Connection, ids: list[str]) -> dict[str, str]:
    wanted = pl.DataFrame({"record_id": ids})
    return dict(frames.matching(conn, identity_node, wanted).select("record_id", "person_id").iter_rows())


def _reviewed(conn: Connection, pairs: list[Pair]) -> set[Pair]:
    wanted = _either_way(pairs)
    found = frames.matching(conn, identity_edge, wanted, identity_edge.c.zone == REVIEW)
    both = set(found.select("left_id", "right_id").iter_rows())
    return both | {(right, left) for left, right in both}


def _decisions(conn: Connection, pairs: list[Pair]) -> dict[Pair, tuple[str, str]]:
    """The last decision on each pair, either way round: its verdict and its day."""
    found = frames.matching(conn, identity_decision, _either_way(pairs)).sort("decided_at")
    made: dict[Pair, tuple[str, str]] = {}
    for row in found.iter_rows(named=True):
        said = (row["verdict"], str(row["decided_at"].date()))
        made[row["left_id"], row["right_id"]] = made[row["right_id"], row["left_id"]] = said
    return made


def _either_way(pairs: list[Pair]) -> pl.DataFrame:
    both = [*pairs, *((right, left) for left, right in pairs)]
    return pl.DataFrame(both, schema={"left_id": pl.String, "right_id": pl.String}, orient="row")
