"""The deliver step of one office: answers read, changes written as pending, sent, announced, and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from sqlalchemy import Connection, select

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver import acks, announced, answered, payload
from jendela.deliver.answered import Answered
from jendela.deliver.inbox import Inbox
from jendela.deliver.known import read_known
from jendela.deliver.plan import Plan, of, pending, plan, write
from jendela.deliver.tally import tally
from jendela.evidence import subtree
from jendela.evidence.commit import once
from jendela.law import Law, load_law
from jendela.model.receipt import Digest, Night, Receipt
from jendela.store import frames, receipts
from jendela.store.hub import Hub
from jendela.store.tables import delivery

STEP = "deliver"


def run(hub: Hub, night: Night, office: str) -> Receipt:
    """The receipt of tonight's deliveries to all recipients of one office.

    Rows are pending in the hub before anything leaves it, under ids that a repeated attempt gives again: a
    killed run sends the same ids and the inbox keeps one of each. An inbox that does not answer leaves them
    pending and is `missing`; the night goes on.
    """
    with hub.reading() as conn:
        done = receipts.find(conn, night, STEP, office)
    if done is not None:
        return done
    law = load_law(hub.settings.agreements)
    specs = tuple(hub.agreements.offices[office].deliveries.values())
    inbox = Inbox(hub, night, office)
    waiting, answers = _answers(hub, night, office, specs, inbox)
    plans = _plans(hub, night, specs, waiting, answers, law)
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, office):
            return done  # by another attempt, which has sent what this one would plan again
        for made in plans:
            write(conn, night, made)
    sent, artefacts = _send(hub, night, office, specs, inbox)

    def record(conn: Connection) -> Receipt:
        frames.update(conn, delivery, sent, on=["delivery_id"])
        receipt = _receipt(hub, conn, night, office, specs, inbox, answers, artefacts, law)
        for later in answers.values():
            answered.write(conn, later)
        return receipt

    return once(hub, night, STEP, office, record)


def _answers(
    hub: Hub, night: Night, office: str, specs: Sequence[DeliverySpec], inbox: Inbox
) -> tuple[dict[str, pl.DataFrame], dict[str, Answered]]:
    """By delivery, what waits for an answer, and what the office answered."""
    if not specs:
        return {}, {}
    with hub.reading() as conn:
        everything = pending(conn, office)
    waiting = {spec.key: of(spec, everything) for spec in specs}
    return waiting, {spec.key: answered.read(hub, night, spec, inbox, waiting[spec.key]) for spec in specs}


def _plans(
    hub: Hub,
    night: Night,
    specs: Sequence[DeliverySpec],
    waiting: Mapping[str, pl.DataFrame],
    answers: Mapping[str, Answered],
    law: Law,
) -> list[Plan]:
    if not specs:
        return []
    with hub.reading() as conn:
        also = {spec.entity for spec in specs} & set(hub.agreements.contracts)
        known = read_known(hub, night, law, conn, also)
        return [
            plan(hub, conn, night, spec, known, waiting[spec.key], answers[spec.key].closed) for spec in specs
        ]


def _send(
    hub: Hub, night: Night, office: str, specs: Sequence[DeliverySpec], inbox: Inbox
) -> tuple[pl.DataFrame, list[Digest]]:
    """The rows that reached their inbox (`delivery_id, attempts, sent_seq`), and a file of each delivery."""
    reached, artefacts = [], []
    with hub.reading() as conn:
        everything = acks.to_send(pending(conn, office), night.day_seq)
    for spec in specs:
        ids = of(spec, everything).select("delivery_id")
        with hub.reading() as conn:
            rows = payload.unsealed(hub, spec, frames.matching(conn, delivery, ids))
        rows = rows.sort("verb", "seq", "delivery_id")  # a retraction before the upsert that may replace it
        shown = rows.select("delivery_id", "verb", payload.NIGHT, "recipient", *spec.columns)
        artefacts.append(hub.artefacts.write(night, STEP, spec.key, shown))
        if not night.dry_run:
            reached.append(inbox.send(spec, rows).select("delivery_id", pl.col("attempts") + 1))
    schema = {"delivery_id": pl.String, "attempts": pl.Int64}
    sent = pl.concat([pl.DataFrame(schema=schema), *reached])
    return sent.with_columns(pl.lit(night.seq, dtype=pl.Int64).alias("sent_seq")), artefacts


def _receipt(
    hub: Hub,
    conn: Connection,
    night: Night,
    office: str,
    specs: Sequence[DeliverySpec],
    inbox: Inbox,
    answers: Mapping[str, Answered],
    artefacts: Sequence[Digest],
    law: Law,
) -> Receipt:
    row = delivery.c
    query = (
        select(row.record_id, row.delivery_id, row.verb, row.content_hash)
        .where(row.office == office, row.seq == night.seq)
        .order_by(row.delivery_id)
    )
    due = frames.read(conn, query)
    lines = due.select(pl.concat_str("delivery_id", "verb", "content_hash", separator=" ")).to_series()
    return Receipt(
        night=night.label,
        step=STEP,
        scope=office,
        counts={
            spec.key: {
                **tally(conn, spec, night.seq),
                **answers[spec.key].counts,
                **({} if night.dry_run or spec.key in inbox.announced else {announced.MISSED: 1}),
            }
            for spec in specs
        },
        artefacts=tuple(artefacts),
        missing=inbox.missing,
        versions={"agreements": hub.agreements.digest, "law": law.digest},
        subtree=subtree.root(conn, due["record_id"], lines),
    )
