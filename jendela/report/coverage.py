"""Who delivered what for this night, and who did not: what was expected against what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

import polars as pl
from sqlalchemy import Connection, func, select

from jendela.model.receipt import Missing, Night, Receipt
from jendela.store import frames, tables
from jendela.store.records import stated_by_id

SIGNATURES = ("valid", "invalid", "none")


def feeds(conn: Connection, night: Night, receipts: Iterable[Receipt]) -> list[dict[str, Any]]:
    """Every feed agreed with the offices of tonight, by office in their order: did it come?

    `state` is came, empty (it came, with zero rows: not the same as no data), halted, not_judged (its map or
    validate did not end) or missing; `last` the last earlier night of which its rows were taken.
    """
    performed = list(receipts)
    pulled = {receipt.scope: receipt for receipt in performed if receipt.step == "pull"}
    judged = {receipt.scope for receipt in performed if receipt.step == "validate"}
    table, nights = tables.batch, tables.night
    tonight = {row.feed: row for row in conn.execute(select(table).where(table.c.seq == night.seq))}
    earlier = (
        select(table.c.feed, func.max(nights.c.day))
        .join(nights, nights.c.seq == table.c.seq)
        .where(table.c.seq < night.seq, table.c.state == "merged")
        .group_by(table.c.feed)
    )
    last = {feed: str(day) for feed, day in conn.execute(earlier)}
    found = []
    for office in night.offices:
        receipt = pulled.get(office)
        away = {item.feed for item in receipt.missing} if receipt else set()
        for feed in sorted({*receipt.versions, *receipt.counts, *away}) if receipt else ():
            batch, counts = tonight.get(feed), receipt.counts.get(feed) if receipt else None
            state = _state(batch.state if batch else None, counts, office in judged)
            found.append(
                {
                    "office": office,
                    "feed": feed,
                    "state": state,
                    "received": (counts or {}).get("received", 0),
                    "complete": bool(batch and batch.complete),
                    "last": last.get(feed, ""),
                }
            )
    return found


def _state(batch: str | None, counts: dict[str, int] | None, judged: bool) -> str:
    if batch == "halted":
        return "not_judged" if not judged and (counts or {}).get("changes", 0) else "halted"
    if counts is None:
        return "missing"
    return "came" if counts.get("received", 0) or counts.get("released", 0) else "empty"


def missing(receipts: Iterable[Receipt]) -> list[dict[str, Any]]:
    """The feeds that did not come and the deliveries that did not leave, each with the kind of trouble."""
    return [
        {
            "office": item.office,
            "feed": item.feed,
            "way": "delivery" if receipt.step == "deliver" else "feed",
            "kind": _kind(item),
            "reason": item.reason,
            "remedy": item.remedy,
            "retriable": item.retriable,
        }
        for receipt in receipts
        for item in receipt.missing
    ]


def _kind(item: Missing) -> str:
    if item.lost:
        return "lost"
    return "unreachable" if item.retriable else "unusable"


def data_docs(performed: Iterable[Receipt]) -> list[str]:
    """The offices whose batches were judged on their measures: each has a page in `data_docs/`."""
    pages = (
        PurePosixPath(artefact.path) for r in performed if r.step == "measures" for artefact in r.artefacts
    )
    return sorted(page.stem for page in pages if page.suffix == ".html" and page.stem != "index")


def halted(conn: Connection, night: Night) -> list[dict[str, Any]]:
    """The batches that came and were not taken, with the guard that halted them and its reason in English."""
    table = tables.batch
    found = select(table.c.office, table.c.feed, table.c.rows, table.c.guard, table.c.halt_reason).where(
        table.c.seq == night.seq, table.c.state == "halted"
    )
    return [dict(row) for row in conn.execute(found.order_by(table.c.feed)).mappings()]


def letters(conn: Connection, night: Night) -> list[dict[str, Any]]:
    """The letters that each office holds, as the hub knows them tonight, by the state of their signature."""
    table = stated_by_id
    held = select(table.c.office, table.c.seq_from, table.c.facts).where(
        table.c.entity == "termination_letter", table.c.seq_to.is_(None)
    )
    status = pl.col("facts").str.json_path_match("$.signature_status")
    counted = (
        frames.read(conn, held)
        .with_columns(status.alias("status"))
        .group_by("office")
        .agg(
            pl.len().alias("letters"),
            (pl.col("seq_from") == night.seq).sum().alias("tonight"),
            *((pl.col("status") == name).sum().alias(name) for name in SIGNATURES),
        )
    )
    return in_order(counted.to_dicts(), night.offices)


def in_order(rows: list[dict[str, Any]], offices: Sequence[str]) -> list[dict[str, Any]]:
    """Rows by office, in the order in which the night has them; those of other offices after them."""
    places = {office: place for place, office in enumerate(offices)}
    return sorted(rows, key=lambda row: (places.get(row["office"], len(places)), row["office"]))
