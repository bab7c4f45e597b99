"""The counted groups of a report and the rows they lead to: held rows, discrepancies, obligations."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select

from jendela.model.receipt import Night
from jendela.store import nights, tables

PERSON_DIGITS = 16  # of the stable id: its number and eight keyed ones, as `jendela explain` asks for
RECORD_DIGITS = 10  # of a keyed hash
SHARED_NIK = re.compile(r"NIK ([0-9a-f]*) of person ([0-9a-f]+)")
GRAVITY = ("info", "warn", "high", "critical")
HIDDEN, LOWER, HIGHER = "hidden", "hidden:lower", "hidden:higher"
Place = Callable[[str, str | None, int | None], str]  # feed, file and line, as everybody may see them
_KEYED = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass
class Section:
    """One counted group of rows: what it is (`key`), its figures, and the rows they lead to."""

    key: str
    figures: dict[str, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)


def hidden_fields(contracts: Mapping[str, Any]) -> frozenset[str]:
    """The fields whose values no report shows: what names a person, and what is specific to one (amounts)."""
    fields = (item for contract in contracts.values() for item in contract.fields)
    return frozenset(item.name for item in fields if item.classification != "public")


def held(conn: Connection, night: Night, told: Place) -> list[Section]:
    """Rows that wait, by rule; a row that broke two rules stands under both, once under each."""
    table = tables.held_row
    days = {row.seq: row.day for row in conn.execute(select(tables.night))}
    place = (table.c.feed, table.c.source_name, table.c.source_line, table.c.held_id)
    waiting = select(*place, table.c.office, table.c.seq, table.c.violations).where(table.c.state == "held")
    sections: dict[str, Section] = {}
    for row in conn.execute(waiting.order_by(*place)).mappings():
        broken: dict[str, list[str]] = {}
        for item in json.loads(row["violations"]):
            name = ".".join(part for part in (item.get("entity"), item.get("field")) if part)
            broken.setdefault(item["rule"], []).append(name)
        for rule, names in broken.items():
            empty = {"waiting": 0, "tonight": 0, "fields": {}}
            section = sections.setdefault(rule, Section(rule, empty))
            fields = list(dict.fromkeys(name for name in names if name))
            section.figures["waiting"] += 1
            section.figures["tonight"] += row["seq"] == night.seq
            for name in fields:
                section.figures["fields"][name] = section.figures["fields"].get(name, 0) + 1
            section.rows.append(_held(row, fields, str(days.get(row["seq"], "")), told))
    for section in sections.values():
        by_count = sorted(section.figures["fields"].items(), key=lambda item: (-item[1], item[0]))
        section.figures["fields"] = dict(by_count)
    return sorted(sections.values(), key=lambda item: (-item.figures["waiting"], item.key))


def _held(row: RowMapping, fields: list[str], since: str, told: Place) -> dict[str, Any]:
    return {
        "held": row["held_id"][:12],
        "office": row["office"],
        "feed": row["feed"],
        "place": told(row["feed"], row["source_name"], row["source_line"]),
        "fields": fields,
        "since": since,
    }


def discrepancies(conn: Connection, night: Night, hidden: Collection[str]) -> list[Section]:
    """By code: opened tonight, open, closed tonight, overdue; the open ones first, the longest due ahead."""
    table = tables.discrepancy
    shown = or_(table.c.state == "open", table.c.closed_seq == night.seq)
    by_code: dict[str, Section] = {}
    ages: dict[str, Counter[int]] = defaultdict(Counter)
    passed = nights.ordinals(conn)
    order = (table.c.code, table.c.state.desc(), table.c.due_date, table.c.discrepancy_id)
    for row in conn.execute(select(table).where(shown).order_by(*order)).mappings():
        empty = {"severity": row["severity"], "owners": [], "opened": 0, "open": 0, "closed": 0, "overdue": 0}
        section = by_code.setdefault(row["code"], Section(row["code"], empty))
        figures, is_open, age = section.figures, row["state"] == "open", _age(passed, row["first_seq"], night)
        figures["severity"] = max(figures["severity"], row["severity"], key=GRAVITY.index)
        figures["open" if is_open else "closed"] += 1
        figures["opened"] += is_open and row["first_seq"] == night.seq
        figures["overdue"] += is_open and row["due_date"] < night.day
        if row["owner"] not in figures["owners"]:
            figures["owners"].append(row["owner"])
        if is_open:
            ages[row["code"]][age] += 1
        section.rows.append(_discrepancy(row, age, night.day, hidden))
    return _aged(by_code, ages)


def _discrepancy(row: RowMapping, age: int, today: date, hidden: Collection[str]) -> dict[str, Any]:
    side_a, side_b = (json.loads(row[name]) or {} for name in ("side_a", "side_b"))
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
        "side_a": _side(side_a, side_b, hidden),
        "side_b": _side(side_b, side_a, hidden),
        "closing": _KEYED.sub(lambda found: found[0][:RECORD_DIGITS], row["closing_evidence"] or ""),
    }


def _side(side: Mapping[str, str | None], other: Mapping[str, str | None], hidden: Collection[str]) -> Any:
    """A side as plain texts: record ids short, and no value of a hidden field, only which side has more."""
    told = {name: side.get(name) or "" for name in ("office", "feed", "record_id", "field", "value", "as_of")}
    told["record_id"] = told["record_id"][:RECORD_DIGITS]
    fields = told["field"].split(", ")
    if not told["value"] or not any(name in hidden for name in fields):
        return told
    if shared := SHARED_NIK.fullmatch(told["value"]):  # both are keyed references, made by the hub
        number, person = shared.groups()
        told["value"] = f"NIK {number[:RECORD_DIGITS]} of person {person[:PERSON_DIGITS]}"
        return told
    values = told["value"].split(", ") if len(fields) > 1 else [told["value"]]
    others = (other.get("value") or "").split(", ") if other.get("field") == told["field"] else []
    if len(values) != len(fields):
        told["value"] = HIDDEN
        return told
    pairs = zip(fields, values, [*others, *[""] * len(fields)], strict=False)
    told["value"] = ", ".join(
        _masked(value, against) if name in hidden else value for name, value, against in pairs
    )
    return told


def _masked(value: str, other: str) -> str:
    try:
        mine, theirs = Decimal(value), Decimal(other)
    except InvalidOperation:
        return HIDDEN
    return HIDDEN if mine == theirs else LOWER if mine < theirs else HIGHER


def obligations(conn: Connection, night: Night) -> list[Section]:
    """By kind: open, overdue, met and lapsed tonight; the open ones first, the longest due ahead."""
    table = tables.obligation
    shown = or_(table.c.state == "open", table.c.closed_seq == night.seq)
    kinds: dict[str, Section] = {}
    ages: dict[str, Counter[int]] = defaultdict(Counter)
    passed = nights.ordinals(conn)
    order = (table.c.kind, table.c.state.desc(), table.c.due_date, table.c.obligation_id)
    for row in conn.execute(select(table).where(shown).order_by(*order)).mappings():
        empty = {"owners": [], "opened": 0, "open": 0, "met": 0, "lapsed": 0, "overdue": 0}
        section = kinds.setdefault(row["kind"], Section(row["kind"], empty))
        figures, is_open, age = (
            section.figures,
            row["state"] == "open",
            _age(passed, row["opened_seq"], night),
        )
        late = is_open and row["due_date"] < night.day
        figures[row["state"]] += 1
        figures["opened"] += is_open and row["opened_seq"] == night.seq
        figures["overdue"] += late
        if row["owner"] not in figures["owners"]:
            figures["owners"].append(row["owner"])
        if is_open:
            ages[row["kind"]][age] += 1
        section.rows.append(
            {
                "id": row["obligation_id"][:16],
                "state": row["state"],
                "owner": row["owner"],
                "person": (row["person_id"] or "")[:PERSON_DIGITS],
                "first": str(row["opened_day"]),
                "age": age,
                "due": str(row["due_date"]),
                "overdue": late,
            }
        )
    return _aged(kinds, ages)


def _age(passed: Mapping[int, int], first: int, night: Night) -> int:
    """How many nights ago it was first there; a supplement is no night more."""
    return passed.get(night.seq, night.seq) - passed.get(first, first)


def _aged(sections: Mapping[str, Section], ages: Mapping[str, Counter[int]]) -> list[Section]:
    for key, section in sections.items():
        section.figures["ages"] = {str(age): count for age, count in sorted(ages[key].items())}
        section.figures["owners"].sort()
    return sorted(sections.values(), key=lambda section: section.key)
