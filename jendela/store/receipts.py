"""The receipts of the steps: found again, they are what makes a night repeatable."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, insert, select

from jendela.model.receipt import Night, Receipt, parse_label
from jendela.store import tables
from jendela.store.tables import receipt as table


def find(conn: Connection, night: Night, step: str, scope: str) -> Receipt | None:
    """The receipt of a step that is done, else None."""
    key = (table.c.step == step, table.c.scope == scope)
    body = conn.execute(select(table.c.body).where(*_of(night), *key)).scalar_one_or_none()
    return None if body is None else Receipt.from_json(body)


def of_night(conn: Connection, night: Night) -> list[Receipt]:
    """All receipts of a night (or of a supplement), in the order in which they were committed."""
    bodies = conn.execute(select(table.c.body).where(*_of(night)).order_by(table.c.leaf))
    return [Receipt.from_json(body) for body in bodies.scalars()]


def of_day(conn: Connection, night: Night, step: str) -> list[tuple[int, Receipt]]:
    """The receipts of a step in the night of this day and in its supplements up to this one, with their seq.

    Earlier ones come first: of two for one scope the later says how it is now.
    """
    nights = tables.night.c
    query = (
        select(nights.seq, table.c.body)
        .join(tables.night, (nights.day == table.c.day) & (nights.supplement == table.c.supplement))
        .where(table.c.day == night.day, table.c.supplement <= night.supplement, table.c.step == step)
        .order_by(table.c.leaf)
    )
    return [(seq, Receipt.from_json(body)) for seq, body in conn.execute(query)]


def add(conn: Connection, done: Receipt, leaf: int) -> None:
    """Keep a receipt beside the effects of its step, with the index of its ledger leaf.

    Raises:
        sqlalchemy.exc.IntegrityError: the step is done already; this transaction must not take effect.
    """
    day, supplement = parse_label(done.night)
    row = {
        "day": day,
        "supplement": supplement,
        "step": done.step,
        "scope": done.scope,
        "body": done.to_json(),
        "leaf": leaf,
    }
    conn.execute(insert(table).values(row))


def _of(night: Night) -> tuple[ColumnElement[bool], ...]:
    return table.c.day == night.day, table.c.supplement == night.supplement
