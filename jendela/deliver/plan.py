"""What tonight does to the deliveries of one recipient: computed while reading, then written at once."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, func, select

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver import acks, changes, echoes, payload, return_words, returns
from jendela.deliver.changes import RETRACT, UPSERT
from jendela.deliver.desired import desired
from jendela.deliver.known import Known
from jendela.model.receipt import Night
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.tables import delivery


@dataclass(frozen=True)
class Plan:
    """The rows that one delivery gains and changes tonight.

    `closed` are answered deliveries, `replaced` those that a newer one expires, `escalated` the silent ones,
    `refreshed` those whose basis moved without their content, `due` the new rows of table `delivery`,
    `echo` the `item_key, echo_hash` of due upserts, `told` the items that were delivered before.
    """

    spec: DeliverySpec
    closed: pl.DataFrame
    replaced: pl.Series
    escalated: pl.Series
    refreshed: pl.DataFrame
    due: pl.DataFrame
    echo: pl.DataFrame
    told: pl.DataFrame


def newest(conn: Connection, spec: DeliverySpec) -> pl.DataFrame:
    """The newest delivery of each item to this recipient, without its payload."""
    row = delivery.c
    rank = func.row_number().over(partition_by=row.item_key, order_by=row.seq.desc()).label("rank")
    columns = [column for column in row if column.name not in ("sealed", "ack_words")]
    ranked = (
        select(*columns, rank)
        .where(row.recipient == spec.recipient, row.delivery == spec.delivery)
        .subquery()
    )
    return frames.read(conn, select(*(ranked.c[column.name] for column in columns)).where(ranked.c.rank == 1))


def pending(conn: Connection, office: str) -> pl.DataFrame:
    """The deliveries to all recipients of an office that are not answered yet, without their payload."""
    row = delivery.c
    columns = (row.delivery_id, row.recipient, row.delivery, row.attempts, row.sent_seq, row.escalated_seq)
    query = select(*columns).where(row.office == office, row.state == "pending")
    return frames.read(conn, query.order_by(row.delivery_id))


def of(spec: DeliverySpec, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of one recipient's delivery."""
    return rows.filter((pl.col("recipient") == spec.recipient) & (pl.col("delivery") == spec.delivery))


def plan(
    hub: Hub,
    conn: Connection,
    night: Night,
    spec: DeliverySpec,
    known: Known,
    waiting: pl.DataFrame,
    closed: pl.DataFrame,
) -> Plan:
    """What is due to this recipient tonight, given its unanswered deliveries and the answers to them."""
    last = newest(conn, spec)
    answered = last.join(closed.select("delivery_id", "state"), on="delivery_id", how="left")
    last = answered.with_columns(pl.coalesce("state_right", "state").alias("state")).drop("state_right")
    returning = spec.entity == returns.ENTITY
    wanted = returns.desired(hub, conn, spec, known) if returning else desired(spec, known)
    items = payload.with_basis(hub, spec, wanted.items, known)
    news = changes.to_open(items, last)
    opened = return_words.opened(hub, conn, news) if returning else payload.opened(hub, conn, spec, news)
    content = payload.with_content(hub, spec, opened)
    found = changes.compare(content, items["item_key"], wanted.settled, last)
    backs = payload.taken_back(hub, conn, spec, found.retracts)
    due = pl.concat(
        [
            payload.due_rows(hub, night, spec, RETRACT, backs),
            payload.due_rows(hub, night, spec, UPSERT, found.upserts),
        ]
    )
    sent = opened.join(found.upserts.select("item_key"), on="item_key", how="semi")
    silent = acks.to_escalate(waiting.join(closed, on="delivery_id", how="anti"), night.day_seq)
    return Plan(
        spec=spec,
        closed=closed,
        replaced=found.replaced,
        escalated=silent.filter(~silent.is_in(found.replaced.implode())),
        refreshed=found.refreshed,
        due=due,
        echo=echoes.echo_rows(hub, conn, spec, sent, known),
        told=last.select("item_key"),
    )


def write(conn: Connection, night: Night, made: Plan) -> None:
    """Write the plan: what is due is pending from now on, whether or not the recipient can be reached."""
    seq = pl.lit(night.seq, dtype=pl.Int64)
    expired = made.replaced.rename("delivery_id").to_frame()
    silent = made.escalated.rename("delivery_id").to_frame()
    for changed in (
        made.closed,
        expired.with_columns(state=pl.lit("expired"), closed_seq=seq),
        silent.with_columns(escalated_seq=seq),
        made.refreshed,
    ):
        frames.update(conn, delivery, changed, on=["delivery_id"])
    frames.load(conn, delivery, made.due)
    upserts = made.due.filter(pl.col("verb") == UPSERT)
    echoes.remember(conn, made.spec, upserts, made.echo, made.told)
