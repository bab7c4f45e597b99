"""What recipients refused or never answered, counted: an office's own words only by a digest."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, or_, select

from jendela.model.receipt import Night
from jendela.store import tables

TOLD = 3  # digests of one line; `jendela refused list` has all
DIGITS = 12


def refusals(conn: Connection, night: Night) -> list[dict[str, Any]]:
    """Deliveries refused tonight or escalated and still silent, by recipient, delivery, state and reason.

    `wordings` counts the different words that were given for one reason, `words` names the most frequent.
    """
    row = tables.delivery.c
    refused = (row.state == "refused") & (row.closed_seq == night.seq)
    silent = (row.state == "pending") & row.escalated_seq.is_not(None)
    about = (row.recipient, row.delivery, row.state, row.ack_reason)
    found = (
        select(*about, row.ack_digest, func.count())
        .where(or_(refused, silent))
        .group_by(*about, row.ack_digest)
    )
    lines = sorted(conn.execute(found), key=lambda line: (*map(str, line[:4]), -line[5], str(line[4])))
    return [
        _line(key, [tuple(line) for line in same])
        for key, same in groupby(lines, key=lambda line: tuple(line[:4]))
    ]


def _line(key: tuple[Any, ...], same: list[tuple[Any, ...]]) -> dict[str, Any]:
    recipient, delivery, state, reason = key
    words = [digest for *_, digest, _count in same if digest]
    return {
        "recipient": recipient,
        "delivery": delivery,
        "state": state,
        "reason": reason or "",
        "words": [f"#{one[:DIGITS]}" for one in words[:TOLD]],
        "wordings": len(words),
        "count": sum(count for *_, count in same),
    }
