"""What one recipient answered to one delivery: asked for, found in the hub, judged, its words sealed.

What is pending is asked for, and again what was answered of late: an office that first accepts a row may find
out a few days later that it cannot take it over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl
from sqlalchemy import Connection, func, select

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver import acks, refused
from jendela.deliver.inbox import Inbox
from jendela.model.receipt import Night
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import delivery
from jendela.store.tables import night as nights

AGAIN_DAYS = 14  # an answer is asked for again so many days after it was read
AGAIN_ROWS = 20_000  # of one delivery in one night, in turn: over REST they are some three hundred questions


@dataclass(frozen=True)
class Answered:
    """What the answers change: `closed` are pending deliveries that were answered, `turned` answered ones
    that are refused or accepted now, `corrected` refused ones with another reason now; all as rows of table
    `delivery`. `counts` are beside the balance, those that are not zero.
    """

    closed: pl.DataFrame
    turned: pl.DataFrame
    corrected: pl.DataFrame
    counts: dict[str, int]


def read(hub: Hub, night: Night, spec: DeliverySpec, inbox: Inbox, waiting: pl.DataFrame) -> Answered:
    """The recipient's answers to the deliveries that are `waiting` and to those answered of late.

    Outside of any transaction: an agency may take its time to answer. What nobody can use is told in
    `inbox.missing`.
    """
    with hub.reading() as conn:
        again = acks.in_turn(_of_late(conn, night, spec), night.seq, AGAIN_ROWS)
    answers = acks.ids(inbox.answers(spec, [*waiting["delivery_id"], *again["delivery_id"]]))
    with hub.reading() as conn:
        named = _named(conn, spec, answers.select("delivery_id"))
    agreed = hub.agreements
    refusals = replace(agreed.refusals, own=agreed.offices[spec.office].refusals)
    said = acks.judged(answers, named, night.seq, refusals)
    turned, corrected = acks.changed(refused.sealed(hub.keyring, said.later), named)
    revoked = turned.filter(pl.col("state") == "refused").height
    counts = {**said.told, "revoked": revoked, "accepted_late": turned.height - revoked}
    found = {name: count for name, count in {**counts, "corrected": corrected.height}.items() if count}
    inbox.tell(spec, found)
    return Answered(refused.sealed(hub.keyring, said.closed), turned, corrected, found)


def write(conn: Connection, answered: Answered) -> None:
    """Write what the answers to deliveries of earlier nights change.

    In one transaction with the receipt that counts it, and after tonight's balance is counted: these
    deliveries were closed in another night's balance and stay there.
    """
    for rows in (answered.turned, answered.corrected):
        frames.update(conn, delivery, rows, on=["delivery_id"])


def _of_late(conn: Connection, night: Night, spec: DeliverySpec) -> pl.DataFrame:
    row = delivery.c
    since = select(func.min(nights.c.seq)).where(nights.c.day >= night.day - timedelta(days=AGAIN_DAYS))
    return frames.read(
        conn,
        select(row.delivery_id).where(
            row.recipient == spec.recipient,
            row.delivery == spec.delivery,
            row.state.in_(acks.ANSWERED),
            row.closed_seq >= since.scalar_subquery(),
        ),
    )


def _named(conn: Connection, spec: DeliverySpec, ids: pl.DataFrame) -> pl.DataFrame:
    """The deliveries of all offices with these ids, and which of them are this recipient's own."""
    row = delivery.c
    own = ((row.recipient == spec.recipient) & (row.delivery == spec.delivery)).label("own")
    columns = (row.delivery_id, own, row.state, row.closed_seq, row.ack_reason, row.ack_digest)
    with frames.asked(conn, ids) as wanted:
        return frames.read(conn, select(*columns).join(wanted, wanted.c.delivery_id == row.delivery_id))
