"""One night as an auditor reads it: plain data from the store and the receipts; nobody is named in it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select

from jendela.model.receipt import Night, Receipt
from jendela.store import tables

PERSON_DIGITS = 10  # of the stable random id: enough to follow one, meaningless outside the hub


@dataclass
class Section:
    """One counted group of rows: what it is (`key`), its figures, and the rows they lead to."""

    key: str
    figures: dict[str, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class NightReport:
    """Everything the renderers show; `asdict` of it is the JSON edition."""

    night: str
    seq: int
    offices: list[str]
    balanced: bool
    missing: list[dict[str, Any]]
    halted: list[dict[str, Any]]
    feeds: dict[str, dict[str, int]]
    deliveries: dict[str, dict[str, int]]
    refusals: list[dict[str, Any]]
    held: list[Section]
    discrepancies: list[Section]
    obligations: list[Section]
    identity: dict[str, int]
    versions: dict[str, str]
    steps: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """The JSON edition."""
        return asdict(self)

    @property
    def open_discrepancies(self) -> int:
        """How many are open tonight."""
        return sum(section.figures["open"] for section in self.discrepancies)

    @property
    def held_tonight(self) -> int:
        """How many rows were held tonight."""
        return sum(counts.get("held", 0) for counts in self.feeds.values())


def build(
    conn: Connection, night: Night, receipts: Iterable[Receipt], balances: Mapping[str, dict[str, int]]
) -> NightReport:
    """The report of `night` as the store stands at its close."""
    performed = list(receipts)
    feeds, deliveries = (
        {key.split(":", 1)[1]: counts for key, counts in balances.items() if key.startswith(kind)}
        for kind in ("feed:", "delivery:")
    )
    identify = next((receipt for receipt in performed if receipt.step == "identify"), None)
    return NightReport(
        night=str(night.day),
        seq=night.seq,
        offices=list(night.offices),
        balanced=_balanced(feeds, deliveries),
        missing=[asdict(item) for receipt in performed for item in receipt.missing],
        halted=_halted(conn, night),
        feeds=feeds,
        deliveries=deliveries,
        refusals=_refusals(conn, night),
        held=_held(conn, night),
        discrepancies=_discrepancies(conn, night),
        obligations=_obligations(conn, night),
        identity=_summed(identify.counts.values()) if identify else {},
        versions={name: value for receipt in performed for name, value in receipt.versions.items()},
        steps=[_step(receipt) for receipt in performed],
    )


def _balanced(feeds: Mapping[str, dict[str, int]], deliveries: Mapping[str, dict[str, int]]) -> bool:
    from_rows = all(
        counts.get("received", 0) + counts.get("released", 0)
        == sum(
            counts.get(name, 0)
            for name in ("accepted", "unchanged", "duplicate", "superseded", "echo", "held", "halted")
        )
        for counts in feeds.values()
    )
    return from_rows and all(
        counts.get("pending_before", 0) + counts.get("due", 0)
        == sum(counts.get(name, 0) for name in ("acknowledged", "refused", "expired", "pending_after"))
        for counts in deliveries.values()
    )


def _summed(counted: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in counted:
        total.update(counts)
    return dict(total)


def _step(receipt: Receipt) -> dict[str, Any]:
    return {
        "step": receipt.step,
        "scope": receipt.scope,
        "counts": _summed(receipt.counts.values()),
        "files": len(receipt.artefacts),
        "sha256": receipt.artefacts[0].sha256 if receipt.artefacts else "",
        "subtree": receipt.subtree or "",
    }


def _halted(conn: Connection, night: Night) -> list[dict[str, Any]]:
    table = tables.batch
    found = select(table.c.office, table.c.feed, table.c.rows, table.c.halt_reason).where(
        table.c.seq == night.seq, table.c.state == "halted"
    )
    return [dict(row) for row in conn.execute(found.order_by(table.c.feed)).mappings()]


def _refusals(conn: Connection, night: Night) -> list[dict[str, Any]]:
    """Deliveries refused tonight or escalated and still silent, by recipient, delivery and reason."""
    table = tables.delivery
    refused = (table.c.state == "refused") & (table.c.closed_seq == night.seq)
    silent = (table.c.state == "pending") & table.c.escalated_seq.is_not(None)
    found = select(table.c.recipient, table.c.delivery, table.c.state, table.c.ack_reason).where(
        or_(refused, silent)
    )
    counted = Counter(tuple(row) for row in conn.execute(found))
    return [
        {"recipient": recipient, "delivery": name, "state": state, "reason": reason or "", "count": count}
        for (recipient, name, state, reason), count in sorted(counted.items(), key=lambda item: str(item[0]))
    ]


def _held(conn: Connection, night: Night) -> list[Section]:
    """Rows that wait, by rule and field; a row that broke two rules stands under both."""
    table = tables.held_row
    days = {row.seq: row.day for row in conn.execute(select(tables.night))}
    place = (table.c.feed, table.c.source_name, table.c.source_line, table.c.held_id)
    waiting = select(*place, table.c.office, table.c.seq, table.c.violations).where(table.c.state == "held")
    sections: dict[tuple[str, str, str], Section] = {}
    for row in conn.execute(waiting.order_by(*place)).mappings():
        where = " ".join(str(part) for part in (row["source_name"], row["source_line"]) if part is not None)
        for broken in json.loads(row["violations"]):
            key = (broken["rule"], broken.get("entity") or "", broken.get("field") or "")
            section = sections.setdefault(
                key, Section(key[0], {"entity": key[1], "field": key[2], "waiting": 0, "tonight": 0})
            )
            section.figures["waiting"] += 1
            section.figures["tonight"] += row["seq"] == night.seq
            section.rows.append(
                {
                    "held": row["held_id"][:12],
                    "office": row["office"],
                    "feed": row["feed"],
                    "place": where,
                    "since": str(days.get(row["seq"], "")),
                }
            )
    return sorted(
        sections.values(), key=lambda item: (-item.figures["waiting"], item.key, item.figures["field"])
    )


def _discrepancies(conn: Connection, night: Night) -> list[Section]:
    """By code: opened tonight, open, closed tonight, overdue; each with its rows, the oldest first."""
    table = tables.discrepancy
    shown = or_(table.c.state == "open", table.c.closed_seq == night.seq)
    by_code: dict[str, Section] = {}
    ages: dict[str, Counter[int]] = defaultdict(Counter)
    order = (table.c.code, table.c.due_date, table.c.discrepancy_id)
    for row in conn.execute(select(table).where(shown).order_by(*order)).mappings():
        section = by_code.setdefault(
            row["code"],
            Section(
                row["code"],
                {
                    "severity": row["severity"],
                    "owners": [],
                    "opened": 0,
                    "open": 0,
                    "closed": 0,
                    "overdue": 0,
                    "ages": {},
                },
            ),
        )
        figures, is_open, age = section.figures, row["state"] == "open", night.seq - row["first_seq"]
        figures["open" if is_open else "closed"] += 1
        figures["opened"] += is_open and age == 0
        figures["overdue"] += is_open and row["due_date"] < night.day
        if row["owner"] not in figures["owners"]:
            figures["owners"].append(row["owner"])
        if is_open:
            ages[row["code"]][age] += 1
        section.rows.append(_discrepancy(row, age, night.day))
    for code, section in by_code.items():
        section.figures["ages"] = {str(age): count for age, count in sorted(ages[code].items())}
    return list(by_code.values())


def _discrepancy(row: RowMapping, age: int, today: date) -> dict[str, Any]:
    return {
        "id": row["discrepancy_id"][:16],
        "state": row["state"],
        "owner": row["owner"],
        "office": row["office"] or "",
        "person": (row["person_id"] or "")[:PERSON_DIGITS],
        "first": str(row["first_day"]),
        "age": age,
        "due": str(row["due_date"]),
        "overdue": row["state"] == "open" and row["due_date"] < today,
        "side_a": _side(row["side_a"]),
        "side_b": _side(row["side_b"]),
        "closing": row["closing_evidence"] or "",
    }


def _side(text: str) -> dict[str, str]:
    side = json.loads(text) or {}
    return {
        name: str(side.get(name) or "")[:PERSON_DIGITS] if name == "record_id" else str(side.get(name) or "")
        for name in ("office", "feed", "record_id", "field", "value", "as_of")
    }


def _obligations(conn: Connection, night: Night) -> list[Section]:
    table = tables.obligation
    shown = or_(table.c.state == "open", table.c.closed_seq == night.seq)
    kinds: dict[str, Section] = {}
    for row in conn.execute(
        select(table).where(shown).order_by(table.c.due_date, table.c.obligation_id)
    ).mappings():
        section = kinds.setdefault(row["kind"], Section(row["kind"], {"open": 0, "met": 0, "overdue": 0}))
        is_open = row["state"] == "open"
        section.figures["open" if is_open else "met"] += 1
        section.figures["overdue"] += is_open and row["due_date"] < night.day
        section.rows.append(
            {
                "id": row["obligation_id"][:16],
                "state": row["state"],
                "owner": row["owner"],
                "person": (row["person_id"] or "")[:PERSON_DIGITS],
                "first": str(row["opened_day"]),
                "age": night.seq - row["opened_seq"],
                "due": str(row["due_date"]),
            }
        )
    return list(kinds.values())
