"""A person's word on a case, and the decision that two who agree make of it. It binds every later night."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from jendela.evidence import ledger
from jendela.identity.review import cases, contradiction
from jendela.identity.review.cases import CLOSED, DECIDED, OPEN, Case
from jendela.identity.review.people import is_same, named
from jendela.identity.review.rule import AGREEING, BINDS, VERDICTS, settled
from jendela.identity.review.screen import naming
from jendela.model.errors import WrongUseError
from jendela.privacy.discretion import discreet
from jendela.store.hub import Hub
from jendela.store.tables import identity_decision, review_case, review_look, review_verdict


@dataclass(frozen=True)
class Outcome:
    """What a word did: `verdict` is `same` or `different` once two agree; None: another must be asked."""

    case_id: str
    verdict: str | None


def decide(hub: Hub, case_id: str, word: str, who: str, why: str, now: datetime) -> Outcome:
    """Keep the word of `who`; bind it where it is the second of its kind. In the ledger before it counts.

    Only words of this round count, on the records as they are now: what was said of other values is history.

    Raises:
        WrongUseError: there is no such case or it is not open; this person has not looked at it as it is now,
            or has spoken on it; the reason names somebody; the verdict contradicts one on another case.
    """
    person, now = named(who), now.astimezone(UTC)
    if word not in VERDICTS:
        raise WrongUseError(f"A word on a case is one of {', '.join(VERDICTS)}.")
    with hub.begin() as conn:
        case, basis = _open_case(conn, case_id)
        given = conn.execute(select(review_verdict).where(review_verdict.c.case_id == case.case_id)).all()
        if any(is_same(past.who, person) and past.basis == basis for past in given):
            raise WrongUseError(
                f"{person} has spoken on case {case.case_id[:12]} already: it needs another person."
            )
        if not _looked(conn, case, person, basis):
            raise WrongUseError(
                f"{person} has not seen case {case.case_id[:12]} as its records are now: "
                "open it first with `jendela review show`."
            )
        reason = discreet(why, naming(conn, hub, case))
        _log(conn, case, {"word": word, "who": person, "why": reason, "at": now.isoformat()})
        row = {"verdict": word, "why": reason, "given_at": now, "round": case.round, "basis": basis}
        conn.execute(insert(review_verdict).values(case_id=case.case_id, who=person, **row))
        heard = [(past.verdict, past.who, past.why) for past in given if _counts(past, case, basis)]
        heard.append((word, person, reason))
        verdict = settled(said for said, _, _ in heard)
        if verdict:
            _bind(conn, case, verdict, [rest for told, *rest in heard if told == verdict], now)
    return Outcome(case.case_id, verdict)


def reopen(hub: Hub, case_id: str, who: str, why: str, now: datetime) -> Case:
    """The decided case, in a new round. Its decision stays in force until the new round has one.

    Raises:
        WrongUseError: there is no such case, it is not decided, or the reason names somebody.
    """
    person, now = named(who), now.astimezone(UTC)
    with hub.begin() as conn:
        case = cases.find(conn, case_id, to_change=True)
        if case.state != DECIDED:
            raise WrongUseError(f"Case {case.case_id[:12]} is {case.state}: only a decided one is reopened.")
        reason = discreet(why, naming(conn, hub, case))
        again = Case(case.case_id, case.left_id, case.right_id, OPEN, case.round + 1)
        _log(conn, again, {"reopened": True, "who": person, "why": reason, "at": now.isoformat()})
        _set(conn, case, state=OPEN, round=again.round, kept=True, closed_at=None)
    return again


def _open_case(conn: Connection, case_id: str) -> tuple[Case, str]:
    case = cases.find(conn, case_id, to_change=True)
    if case.state == DECIDED:
        raise WrongUseError(
            f"Case {case.case_id[:12]} is decided. A new round begins with `jendela review reopen`."
        )
    basis = cases.basis(conn, case)
    if case.state == CLOSED or basis is None:
        raise WrongUseError(f"Case {case.case_id[:12]} does not wait any more: `jendela review list`.")
    return case, basis


def _counts(past: Any, case: Case, basis: str) -> bool:
    return bool(past.round == case.round and past.basis == basis)


def _looked(conn: Connection, case: Case, person: str, basis: str) -> bool:
    look = review_look.c
    eyes = select(look.who).where(look.case_id == case.case_id, look.basis == basis)
    return any(is_same(who, person) for who in conn.execute(eyes).scalars())


def _bind(conn: Connection, case: Case, verdict: str, by: list[list[str]], now: datetime) -> None:
    """The decision, which `persons.maintain` follows from the next night on."""
    binds = BINDS[verdict]
    if others := contradiction.against(conn, case.left_id, case.right_id, binds):
        raise WrongUseError(
            f"This verdict on case {case.case_id[:12]} contradicts what was decided on "
            f"{', '.join(others)}. One of them must be asked again: "
            "`jendela review reopen`."
        )
    people = [who for who, _ in by[:AGREEING]]
    _log(conn, case, {"decision": binds, "by": people, "at": now.isoformat()})
    decision = {
        "decision_id": hashlib.sha256(f"{case.case_id}|{case.round}".encode()).hexdigest(),
        "left_id": case.left_id,
        "right_id": case.right_id,
        "verdict": binds,
        "who": ", ".join(people),
        "why": "; ".join(f"{who}: {why}" for who, why in by[:AGREEING]),
        "decided_at": _after_all(conn, now),
    }
    conn.execute(insert(identity_decision).values(decision))
    _set(conn, case, state=DECIDED, closing=None, closed_at=now)


def _after_all(conn: Connection, now: datetime) -> datetime:
    """`now`, or just after the last decision: of two on one pair the later holds, whatever the clock did."""
    last: datetime | None = conn.execute(select(func.max(identity_decision.c.decided_at))).scalar()
    # SQLite keeps no zone: its times are those of UTC.
    return now if last is None else max(now, last.replace(tzinfo=UTC) + timedelta(microseconds=1))


def _log(conn: Connection, case: Case, body: dict[str, Any]) -> None:
    ledger.append(conn, "decision", {"case_id": case.case_id, "round": case.round, **body})


def _set(conn: Connection, case: Case, **values: Any) -> None:
    conn.execute(update(review_case).where(review_case.c.case_id == case.case_id).values(**values))
