"""The receipts of the steps: found again, they are what makes a night repeatable."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, insert, select

from jendela.model.receipt import Night, Receipt
from jendela.store.tables import receipt as table


def find(conn: Connection, night: Night, step: str, scope: str) -> Receipt | None:
    """The receipt of a step that is done, else None."""
    key = (table.c.day == night.day, table.c.step == step, table.c.scope == scope)
    body = conn.execute(select(table.c.body).where(*key)).scalar_one_or_none()
    return None if body is None else Receipt.from_json(body)


def of_night(conn: Connection, night: Night) -> list[Receipt]:
    """All receipts of a night, in the order in which they were committed."""
    bodies = conn.execute(select(table.c.body).where(table.c.day == night.day).order_by(table.c.leaf))
    return [Receipt.from_json(body) for body in bodies.scalars()]


def add(conn: Connection, done: Receipt, leaf: int) -> None:
    """Keep a receipt beside the effects of its step, with the index of its ledger leaf.

    Raises:
        sqlalchemy.exc.IntegrityError: the step is done already; this transaction must not take effect.
    """
    row = {
        "day": date.fromisoformat(done.night),
        "step": done.step,
        "scope": done.scope,
        "body": done.to_json(),
        "leaf": leaf,
    }
    conn.execute(insert(table).values(row))
