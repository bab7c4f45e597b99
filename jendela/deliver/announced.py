"""Nights whose deliveries nobody announced, as their inbox was away: zero rows have to be said too."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from jendela.model.receipt import Night, Receipt
from jendela.store.tables import receipt

MISSED = "unannounced"  # in a receipt's counts, beside the balance
MOST = 62  # receipts looked back at: two months


def owed(conn: Connection, night: Night, office: str, keys: Iterable[str]) -> dict[str, set[str]]:
    """By delivery, the days (ISO) before tonight's since the last that was announced."""
    row = receipt.c
    query = (
        select(row.day, row.body)
        .where(row.step == "deliver", row.scope == office, row.day < night.day)
        .order_by(row.day.desc(), row.supplement.desc())
        .limit(MOST)
    )
    found: dict[str, set[str]] = {key: set() for key in keys}
    silent = set(found)
    for day, body in conn.execute(query):
        counts = Receipt.from_json(body).counts
        silent = {key for key in silent if counts.get(key, {}).get(MISSED)}
        if not silent:
            break
        for key in silent:
            found[key].add(day.isoformat())
    return found
