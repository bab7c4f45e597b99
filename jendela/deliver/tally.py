"""The balance of one recipient's deliveries, counted in the table itself: a repeated step counts the same."""

from __future__ import annotations

from sqlalchemy import Connection, case, func, select

from jendela.contracts.delivery import DeliverySpec
from jendela.store.tables import delivery


def tally(conn: Connection, spec: DeliverySpec, seq: int) -> dict[str, int]:
    """Tonight's counts: pending_before + due = acknowledged + refused + expired + pending_after.

    `sent` and `escalated` are beside the balance.
    """
    row = delivery.c
    closed, open_now = row.closed_seq == seq, row.state == "pending"
    counted = {
        "pending_before": (row.seq < seq) & (open_now | closed),
        "due": row.seq == seq,
        "acknowledged": closed & (row.state == "acknowledged"),
        "refused": closed & (row.state == "refused"),
        "expired": closed & (row.state == "expired"),
        "pending_after": open_now,
        "sent": row.sent_seq == seq,
        "escalated": row.escalated_seq == seq,
    }
    query = select(
        *(func.coalesce(func.sum(case((test, 1), else_=0)), 0) for test in counted.values())
    ).where(row.recipient == spec.recipient, row.delivery == spec.delivery)
    return {name: int(value) for name, value in zip(counted, conn.execute(query).one(), strict=True)}
