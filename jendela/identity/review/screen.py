"""One case as a reviewer sees it: what two records say, side by side, and nothing that the machine thinks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from jendela.crypto import unseal
from jendela.evidence import ledger
from jendela.identity.records import PERSON_ENTITIES
from jendela.identity.review import cases
from jendela.identity.review.cases import Case
from jendela.identity.review.people import named
from jendela.model.errors import WrongUseError
from jendela.store.hub import Hub
from jendela.store.records import persons_by_id, stated_by_id
from jendela.store.sealed import PERSON_VERSION
from jendela.store.tables import review_look

NAMING = ("full_name", "mother_maiden_name", "address", "email")
# In the order of the screen.
SHOWN = (
    "full_name",
    "nik",
    "birth_date",
    "birth_place",
    "sex",
    "mother_maiden_name",
    "phone",
    "email",
    "address",
    "residence_region",
    "kpj",
    "employer_name",
    "npp",
    "wlkp_code",
    "workplace_region",
    "start_date",
    "end_date",
    "office",
)


@dataclass(frozen=True)
class Line:
    """One field, as each of the two records has it; empty where it says nothing."""

    field: str
    left: str
    right: str


@dataclass(frozen=True)
class Screen:
    """A case with what its records say. A look is not a word: `decide` asks for it."""

    case_id: str
    lines: list[Line]

    def as_dict(self) -> dict[str, Any]:
        """The screen as JSON values."""
        return {
            "case_id": self.case_id,
            "left": {line.field: line.left for line in self.lines if line.left},
            "right": {line.field: line.right for line in self.lines if line.right},
        }


def show(hub: Hub, case_id: str, who: str, now: datetime) -> Screen:
    """The case with the values of both records in clear; that `who` looks is logged before.

    Raises:
        WrongUseError: there is no such case, or one of its records was withdrawn.
    """
    looker, now = named(who), now.astimezone(UTC)
    with hub.begin() as conn:
        case = cases.find(conn, case_id)
        versions = cases.basis(conn, case)
        if versions is None:
            raise WrongUseError(f"A record of case {case.case_id[:12]} was withdrawn: it is over.")
        ledger.append(conn, "view", {"case_id": case.case_id, "who": looker, "at": now.isoformat()})
        if not _looked(conn, case, looker, versions):
            look = {"case_id": case.case_id, "who": looker, "basis": versions, "looked_at": now}
            conn.execute(insert(review_look).values(look))
    with hub.reading() as conn:
        left, right = said(conn, hub, case)
    lines = [Line(name, left.get(name, ""), right.get(name, "")) for name in SHOWN]
    return Screen(case.case_id, [line for line in lines if line.left or line.right])


def said(conn: Connection, hub: Hub, case: Case) -> tuple[dict[str, str], dict[str, str]]:
    """What the two records say at present, by field, opened."""
    return _said(conn, hub, case.left_id), _said(conn, hub, case.right_id)


def naming(conn: Connection, hub: Hub, case: Case) -> list[str]:
    """What of it names or places a person: no reason may repeat a word of it."""
    return [fields[name] for fields in said(conn, hub, case) for name in NAMING if name in fields]


def _said(conn: Connection, hub: Hub, record_id: str) -> dict[str, str]:
    version, person = stated_by_id.c, persons_by_id.c
    clear = select(version.facts, version.office).where(
        version.record_id == record_id, version.entity.in_(PERSON_ENTITIES), version.seq_to.is_(None)
    )
    sealed = select(person.sealed).where(person.record_id == record_id, person.seq_to.is_(None))
    fields: dict[str, Any] = {}
    for facts, office in conn.execute(clear.order_by(version.entity)):
        told = {name: value for name, value in json.loads(facts).items() if value is not None}
        fields = {**told, "office": office, **fields}
    for (blob,) in conn.execute(sealed):
        fields.update(json.loads(unseal(hub.keyring, blob, PERSON_VERSION)))
    return {name: str(value) for name, value in fields.items() if value is not None}


def _looked(conn: Connection, case: Case, who: str, versions: str) -> bool:
    look = review_look.c
    mine = select(look.case_id).where(look.case_id == case.case_id, look.who == who, look.basis == versions)
    return conn.execute(mine).first() is not None
