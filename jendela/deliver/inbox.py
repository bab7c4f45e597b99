"""The way to one office's inboxes: answers read, deliveries sent and announced, its absence recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from sqlalchemy import func, select

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver import announced, piecemeal
from jendela.deliver.payload import NIGHT
from jendela.model.errors import FeedError, WrongUseError
from jendela.model.ports import Connector, Outgoing
from jendela.model.receipt import Missing, Night
from jendela.store.hub import Hub
from jendela.store.tables import delivery
from jendela.store.tables import night as nights

ANSWERS = dict.fromkeys(("delivery_id", "ack_status", "ack_at", "ack_reason"), pl.String)
# What answers are told to a person, and what he does about them; other counts are of what was taken over.
TOLD: Mapping[str, tuple[str, str]] = {
    "unclear": (
        "{} answers are neither DITERIMA nor DITOLAK.",
        "Ask the agency to answer in the agreed words; until then they stay as they are.",
    ),
    "twofold": (
        "{} deliveries are answered DITERIMA and DITOLAK; the last answer counts.",
        "Ask the agency which is meant; it may answer again.",
    ),
    "unknown": (
        "{} answers name no delivery of this hub.",
        "Ask the agency what they are about: the id is cut, or another hub's. They change nothing.",
    ),
    "elsewhere": (
        "{} answers name another delivery than the one that they stand with; they change nothing.",
        "Ask the agency to answer each delivery in its own place.",
    ),
    "revoked": (
        "{} deliveries are refused that were accepted on an earlier night.",
        "See `jendela refused list` for the reasons; agree with the agency what becomes of these rows.",
    ),
}


class Inbox:
    """One office's inbox for one night. What cannot be done is in `missing`, once for each delivery;
    `announced` are the deliveries of which this night's announcement is there.
    """

    def __init__(self, hub: Hub, night: Night, office: str) -> None:
        self._hub, self._night, self._office = hub, night, office
        self._failed: dict[str, Missing] = {}
        self._told: dict[str, list[tuple[str, str]]] = {}
        self._connector: Connector | None = None
        self._owed: dict[str, set[str]] | None = None
        self.announced: set[str] = set()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The deliveries that did not happen, or not as agreed, in order of name."""
        told = {key for key, said in self._told.items() if said}
        return tuple(self._noted(key) for key in sorted({*self._failed, *told}))

    def answers(self, spec: DeliverySpec, delivery_ids: Sequence[str]) -> pl.DataFrame:
        """What the recipient answered to these deliveries, and what else it answered beside them, in the
        order in which it did; nothing where it cannot be asked. What of it cannot be read is told."""
        try:
            table = self._open().acknowledgements(self._outgoing(spec), delivery_ids)
        except (FeedError, WrongUseError) as error:
            self._note(spec, error)
            return pl.DataFrame(schema=ANSWERS)
        about = json.loads((table.schema.metadata or {}).get(b"jendela", b"{}"))
        self._told.setdefault(spec.key, []).extend(
            (str(said), str(do)) for said, do in about.get("unread", ())
        )
        return pl.DataFrame(table).select(pl.col(name).cast(pl.String) for name in ANSWERS)

    def tell(self, spec: DeliverySpec, counts: Mapping[str, int]) -> None:
        """Record what the answers to one delivery say that a person has to hear of."""
        found = [(said.format(counts[name]), do) for name, (said, do) in TOLD.items() if counts.get(name)]
        self._told.setdefault(spec.key, []).extend(found)

    def send(self, spec: DeliverySpec, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows that are in the inbox; where it answers, the delivery is announced, with zero rows too.

        A delivery whose answers could not be read is not tried: the recipient does not answer tonight. Rows
        that it refuses by themselves keep no other row back; they stay pending, and it is told.
        """
        if spec.key in self._failed:
            return rows.clear()
        columns = ["delivery_id", "verb", NIGHT, "recipient", *spec.columns]
        reached = rows.clear()
        try:
            connector, outgoing = self._open(), self._outgoing(spec)
            if not rows.is_empty():
                reached, error = piecemeal.deliver(
                    lambda part: connector.deliver(outgoing, part.select(columns).to_arrow()), rows
                )
                if error is not None:
                    self._note(spec, error)
                    if error.retriable or reached.is_empty():
                        return rows.clear()
                    self._left(spec, rows.height - reached.height)
            for night, count in self._rows_by_night(spec, reached).items():
                connector.announce(outgoing, night, count)
        except (FeedError, WrongUseError) as error:
            self._note(spec, error)
            return rows.clear()
        self.announced.add(spec.key)
        return reached

    def _rows_by_night(self, spec: DeliverySpec, rows: pl.DataFrame) -> dict[str, int]:
        """How many rows of tonight, and of every night that `rows` are of, are in the inbox by now.

        A row keeps the night in which it was due, however often it is sent: a night whose inbox did not
        answer is announced when its rows come, and when it is back, if it had none.
        """
        row = delivery.c
        concerned = sorted({self._night.day.isoformat(), *rows[NIGHT].to_list(), *self._missed(spec)})
        days = [date.fromisoformat(night) for night in concerned]
        query = (
            select(nights.c.day, func.count())
            .join_from(delivery, nights, nights.c.seq == row.seq)
            .where(row.recipient == spec.recipient, row.delivery == spec.delivery, row.sent_seq.is_not(None))
            .where(nights.c.day.in_(days))
            .group_by(nights.c.day)
        )
        with self._hub.reading() as conn:
            before = {day.isoformat(): count for day, count in conn.execute(query)}
        fresh = rows.filter(pl.col("attempts") == 0)[NIGHT].to_list()
        return {night: before.get(night, 0) + fresh.count(night) for night in concerned}

    def _missed(self, spec: DeliverySpec) -> set[str]:
        if self._owed is None:
            keys = self._hub.agreements.offices[self._office].deliveries
            with self._hub.reading() as conn:
                self._owed = announced.owed(conn, self._night, self._office, keys)
        return self._owed.get(spec.key, set())

    def _open(self) -> Connector:
        if self._connector is None:
            self._connector = self._hub.connect(self._office, "inbox")
        return self._connector

    def _outgoing(self, spec: DeliverySpec) -> Outgoing:
        return Outgoing(
            office=spec.office,
            delivery=spec.delivery,
            target=spec.target,
            columns=spec.columns,
            options=dict(spec.options),
            recipient=spec.recipient,
        )

    def _note(self, spec: DeliverySpec, error: FeedError | WrongUseError) -> None:
        if isinstance(error, FeedError):
            noted = Missing(self._office, spec.key, error.reason, error.remedy, error.retriable)
        else:
            noted = Missing(self._office, spec.key, str(error), "Configure the inbox's connection.", False)
        self._failed[spec.key] = noted

    def _left(self, spec: DeliverySpec, rows: int) -> None:
        said = f"The other rows are delivered; {rows} are refused by the inbox, or were not tried."
        self._told.setdefault(spec.key, []).append(
            (said, "They are tried again each night, under the same ids.")
        )

    def _noted(self, key: str) -> Missing:
        failed = self._failed.get(key)
        said = [(failed.reason, failed.remedy)] if failed else []
        reasons, remedies = zip(*said, *self._told.get(key, ()), strict=True)
        return Missing(
            self._office,
            key,
            " ".join(dict.fromkeys(reasons)),
            " ".join(dict.fromkeys(remedies)),
            failed.retriable if failed else False,
        )
