"""Held rows as a person meets them: looked at (which is logged), released to the next night, or discarded."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, update

from jendela.crypto import unseal
from jendela.evidence import ledger, look
from jendela.model.errors import WrongUseError
from jendela.privacy import places
from jendela.privacy.discretion import discreet
from jendela.privacy.views import shape
from jendela.store.hub import Hub
from jendela.store.sealed import HELD_ROW
from jendela.store.tables import EMPTIED, night
from jendela.store.tables import held_row as table

LEAST_DIGITS = 8  # of a held_id: as many as the report shows would do; fewer would be a guess


@dataclass(frozen=True)
class HeldRow:
    """One row that waits: its place at the source and the rules it broke; never a value.

    A place has the file's name only in `open_row`, else of a letter a digest of it.
    """

    held_id: str
    feed: str
    place: str
    violations: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """The row as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Cell:
    """One value of a row as a person may see it; `masked` says that it is only its shape."""

    column: str
    value: str
    masked: bool


def waiting(hub: Hub, office: str | None, rule: str | None) -> list[HeldRow]:
    """The rows that wait, by feed and place."""
    chosen = _rows().where(table.c.state == "held")
    if office:
        chosen = chosen.where(table.c.office == office)
    with hub.reading() as conn:
        found = [_held(row, _told(hub, row)) for row in conn.execute(chosen)]
    return [row for row in found if not rule or any(item["rule"] == rule for item in row.violations)]


def open_row(hub: Hub, held_id: str, who: str, now: datetime) -> tuple[HeldRow, list[Cell]]:
    """One row with its values and the name of its file; that `who` looks is logged before.

    In clear are only columns that become fields which identify nobody; all others are shown in their shape.

    Raises:
        WrongUseError: no row, or more than one, begins with this id, nobody is named, or its time is past.
    """
    look.named(who)
    with hub.begin() as conn:
        row = _one(conn, held_id)
        if row.sealed_row == EMPTIED:
            raise WrongUseError(
                f"What {row.held_id[:12]} said is past its time (`held_days`): it was {row.state}, and its "
                "values were removed. The rules that it broke are still in the report of its night."
            )
        look.log(conn, who, now, held_id=row.held_id, feed=row.feed)
    clear, shown = _clear(hub, row.feed), _opened(hub, row)
    cells = [
        Cell(name, value, masked=False) if name in clear else Cell(name, shape(value), masked=bool(value))
        for name, value in shown.items()
    ]
    return _held(
        row, places.exact(hub.keyring, row.source_name, row.sealed_name, row.source_line, table.name)
    ), cells


def _opened(hub: Hub, row: Any) -> dict[str, str]:
    """The row's values as text."""
    values: dict[str, Any] = json.loads(unseal(hub.keyring, row.sealed_row, HELD_ROW))
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _clear(hub: Hub, feed: str) -> set[str]:
    """The source columns of a feed that become fields, none of which identifies a person.

    What a field only refers by, hashes or compares (`refers`, `keyed`, `alike`), or asks a condition of, is
    not among them: the contract does not say what is in it.
    """
    office = hub.agreements.offices.get(feed.split(".", maxsplit=1)[0])
    if office is None or feed not in office.feeds:
        return set()  # agreed on no more: nobody says what is in its columns
    agreed, contracts = office.feeds[feed], hub.agreements.contracts
    public: set[str] = set()
    naming: set[str] = set()
    for entity, mapping in agreed.targets.items():
        identifying = {field.name for field in contracts[entity].fields if field.identifying}
        for name, made in mapping.fields.items():
            columns = {made.source} if made.source else set(made.flags or ())
            (naming if name in identifying else public).update(columns)
    return public - naming


def decide(hub: Hub, held_id: str, verdict: str, who: str, why: str) -> HeldRow:
    """The row, now `released` (judged again in the next night) or `discarded`; the decision is logged.

    Raises:
        WrongUseError: there is no such row, it does not wait any more, nobody is named, or the reason repeats
            what identifies a person.
    """
    who = look.named(who)
    with hub.begin() as conn:
        # Before the ledger, whose writers wait for each other: a merge too has its rows before that.
        row = _one(conn, held_id, to_change=True)
        if row.state != "held":
            raise WrongUseError(f"{row.held_id[:12]} does not wait any more: it is {row.state}.")
        clear = _clear(hub, row.feed)
        why = discreet(why, (value for name, value in _opened(hub, row).items() if name not in clear))
        ledger.append(
            conn,
            "release",
            {"held_id": row.held_id, "feed": row.feed, "verdict": verdict, "who": who, "why": why},
        )
        last = conn.execute(select(night.c.seq).order_by(night.c.seq.desc()).limit(1)).scalar_one()
        decided = {"state": verdict, "decided_by": who, "decided_why": why, "decided_seq": last}
        conn.execute(update(table).where(table.c.held_id == row.held_id).values(**decided))
    return _held(row, _told(hub, row))


def _rows() -> Select[Any]:
    return select(table).order_by(table.c.feed, table.c.source_name, table.c.source_line, table.c.held_id)


def _one(conn: Connection, held_id: str, *, to_change: bool = False) -> Any:
    """The row; `to_change` waits for whoever is changing it, and sees what became of it."""
    if len(held_id) < LEAST_DIGITS or not all(digit in "0123456789abcdef" for digit in held_id):
        raise WrongUseError(
            f"A held row is named by at least {LEAST_DIGITS} digits of its id: `jendela held list`."
        )
    query = _rows().where(table.c.held_id.startswith(held_id)).limit(2)
    found = conn.execute(query.with_for_update() if to_change else query).all()
    if len(found) != 1:
        raise WrongUseError(f"{'No' if not found else 'More than one'} held row begins with {held_id}.")
    return found[0]


def _told(hub: Hub, row: Any) -> str:
    return places.told(hub, row.feed, row.source_name, row.source_line)


def _held(row: Any, place: str) -> HeldRow:
    return HeldRow(row.held_id, row.feed, place or "-", json.loads(row.violations))
