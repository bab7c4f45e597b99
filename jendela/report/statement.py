"""The completeness statement: what was due for this night, what came and of which day, what is late.

It is computed from the receipts, the batches and the offices' calendars, so that it can be computed again. A
supplement states the whole day: what the night heard, and what the office that is caught up has brought now.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Select, select

from jendela.contracts.expected import covered_by, fell_due, owed
from jendela.model.receipt import Night, Receipt
from jendela.store import receipts, tables

TAKEN = ("came", "empty")
PAGE = 20  # batches of a feed read at once, the newest first


@dataclass(frozen=True)
class _Taken:
    """A batch of a feed that was taken: the business date up to which it speaks, as a whole.

    `unknown` says that its files named a day that does not exist: what its night could cover is counted.
    """

    covered: date
    unknown: bool = False


def state(
    conn: Connection,
    night: Night,
    offices: Mapping[str, Any],
    holidays: Collection[date],
    first_night: date,
    performed: Iterable[Receipt],
) -> dict[str, Any]:
    """The statement: `feeds` (a line each), totals of `offices` and of `feeds`, what is `withheld`.

    A line has office, feed, state, due, rows, as_of ("": unknown, or nothing was taken yet), late_since,
    late_days and repeated_files. States: came, empty (announced with zero rows), halted, not_judged (it
    landed, and its map or validate did not end), skipped (by the breaker), late, not_due. `withheld` is by
    code how many findings wait, for nothing is concluded from silence.
    """
    before = _night_before(conn, night)
    judged = {(seq, receipt.scope) for seq, receipt in receipts.of_day(conn, night, "validate")}
    lines: list[dict[str, Any]] = []
    for name, heard in _heard(conn, night).items():
        office, batches = offices[name], {seq: _tonight(conn, seq, name) for seq, _ in heard}
        last, _ = heard[-1]
        for feed in sorted(office.feeds):
            # What came in the night has come, though a catch-up did not find it a second time.
            seq, pulled = next((one for one in reversed(heard) if feed in one[1].counts), heard[-1])
            calendar = office.expects(feed)
            taken = _taken(conn, feed, last, office.zone, office.feeds[feed].source.mode == "snapshot")
            covered = taken.covered if taken else first_night - timedelta(days=2)
            late = owed(calendar, office.zone, holidays, covered, night.day)
            due = bool(late) or bool(fell_due(calendar, office.zone, holidays, before, night.day))
            counts = pulled.counts.get(feed)
            lines.append(
                {
                    "office": pulled.scope,
                    "feed": feed,
                    "state": _state(
                        feed,
                        pulled,
                        batches[seq].get(feed),
                        counts,
                        bool(late),
                        (seq, pulled.scope) in judged,
                    ),
                    "due": due,
                    "rows": sum((counts or {}).get(name, 0) for name in ("received", "released")),
                    "as_of": str(taken.covered) if taken and not taken.unknown else "",
                    "late_since": str(late[0]) if late else "",
                    "late_days": len(late),
                    "repeated_files": (counts or {}).get("repeated_files", 0),
                }
            )
    names = list(dict.fromkeys(line["office"] for line in lines))
    due_lines = [line for line in lines if line["due"]]
    by_office = {name: [line for line in due_lines if line["office"] == name] for name in names}
    expected = {name: own for name, own in by_office.items() if own}
    withheld = next((one.counts for one in performed if one.step == "reconcile"), {})
    return {
        "offices": {
            "due": len(expected),
            "came": sum(all(line["state"] in TAKEN for line in own) for own in expected.values()),
        },
        "feeds": {
            "due": len(due_lines),
            "came": sum(line["state"] in TAKEN for line in due_lines),
        },
        "lines": lines,
        "withheld": {code: n for code, counts in withheld.items() if (n := counts.get("withheld", 0))},
        "silent": _silent(lines, offices),
    }


def counted(statement: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The statement as the close's receipt keeps it: totals, and every feed that is late or not taken."""
    kept = {f"due:{name}": dict(statement[name]) for name in ("offices", "feeds")}
    for line in statement["lines"]:
        if line["late_days"] or (line["due"] and line["state"] not in TAKEN):
            kept[f"late:{line['feed']}"] = {"days": line["late_days"], line["state"]: 1}
    return kept


def _heard(conn: Connection, night: Night) -> dict[str, list[tuple[int, Receipt]]]:
    """The pulls of every office of the day, the earliest first; an empty one where there is none."""
    pulls: dict[str, list[tuple[int, Receipt]]] = {}
    for seq, receipt in receipts.of_day(conn, night, "pull"):
        pulls.setdefault(receipt.scope, []).append((seq, receipt))
    row = conn.execute(select(tables.night.c.offices).where(tables.night.c.seq == night.day_seq)).scalar()
    order = dict.fromkeys([*json.loads(row or "[]"), *night.offices, *pulls])
    return {
        office: pulls.get(office, [(night.day_seq, Receipt(night.label, "pull", office, {}))])
        for office in order
    }


def _night_before(conn: Connection, night: Night) -> date:
    table = tables.night.c
    query = select(table.day).where(table.day < night.day).order_by(table.day.desc()).limit(1)
    return conn.execute(query).scalar() or night.day - timedelta(days=1)


def _tonight(conn: Connection, seq: int, office: str) -> dict[str, str]:
    table = tables.batch.c
    query = select(table.feed, table.state).where(table.seq == seq, table.office == office)
    return {row.feed: row.state for row in conn.execute(query)}


def _taken(conn: Connection, feed: str, seq: int, zone: str, whole: bool) -> _Taken | None:
    """The latest; of whole extracts those that were taken as such, not older ones that came late."""
    batch, nights = tables.batch.alias(), tables.night.alias()
    source, landed = tables.batch.alias(), tables.night.alias()
    query = (
        select(batch.c.manifest, nights.c.day, landed.c.day)
        .join(nights, nights.c.seq == batch.c.seq)
        .outerjoin(source, source.c.batch_id == batch.c.taken_from)
        .outerjoin(landed, landed.c.seq == source.c.seq)
        .where(batch.c.feed == feed, batch.c.seq <= seq, batch.c.state == "merged")
        .order_by(batch.c.seq.desc())
    )
    if whole:
        query = query.where(batch.c.complete)
    best: _Taken | None = None
    for manifest, day, landed_day in _by_pages(conn, query):
        if best is not None and best.covered >= covered_by(day, zone):
            break  # no earlier batch speaks up to a later day
        said, covered = json.loads(manifest).get("as_of"), covered_by(landed_day or day, zone)
        spoken = _day(said)
        found = _Taken(min(covered, spoken or covered), unknown=said is not None and spoken is None)
        if best is None or found.covered > best.covered:  # an older file that came late takes nothing back
            best = found
    return best


def _by_pages(conn: Connection, query: Select[Any]) -> Iterator[Any]:
    """The rows of a query of which mostly the first few are wanted."""
    for page in count():
        rows = conn.execute(query.limit(PAGE).offset(page * PAGE)).all()
        yield from rows
        if len(rows) < PAGE:
            return


def _day(said: str | None) -> date | None:
    """The day that a batch says it is of; of one that no calendar has nothing is known."""
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        return None


def _state(
    feed: str,
    pulled: Receipt,
    batch: str | None,
    counts: Mapping[str, int] | None,
    late: bool,
    judged: bool,
) -> str:
    if batch == "halted" and not judged and (counts or {}).get("changes", 0):
        return "not_judged"
    if batch in ("halted", "released", "discarded"):
        return "halted"
    if counts is None:
        skipped = any(item.skipped for item in pulled.missing if item.feed == feed)
        return "skipped" if skipped else "late" if late else "not_due"
    return "came" if counts.get("received", 0) or counts.get("released", 0) else "empty"


def _silent(lines: list[dict[str, Any]], offices: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The offices of which something did not come, and the entities whose absence proves nothing."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if line["state"] not in TAKEN:
            feed = offices[line["office"]].feeds[line["feed"]]
            found.setdefault(line["office"], set()).update(feed.targets)
    return [{"office": office, "entities": sorted(entities)} for office, entities in found.items()]
