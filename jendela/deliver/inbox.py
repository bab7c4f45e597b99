"""The way to one office's inboxes: answers read, deliveries sent and announced, its absence recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from sqlalchemy import func, select

from jendela.contracts.delivery import DeliverySpec
from jendela.deliver.payload import NIGHT
from jendela.model.errors import FeedError, WrongUseError
from jendela.model.ports import Connector, Outgoing
from jendela.model.receipt import Missing, Night
from jendela.store.hub import Hub
from jendela.store.tables import delivery
from jendela.store.tables import night as nights

ANSWERS = dict.fromkeys(("delivery_id", "ack_status", "ack_at", "ack_reason"), pl.String)


class Inbox:
    """One office's inbox for one night. What cannot be done is in `missing`, once for each delivery."""

    def __init__(self, hub: Hub, night: Night, office: str) -> None:
        self._hub, self._night, self._office = hub, night, office
        self._missing: dict[str, Missing] = {}
        self._failed: set[str] = set()
        self._connector: Connector | None = None

    @property
    def missing(self) -> tuple[Missing, ...]:
        """The deliveries that did not happen, in order of name."""
        return tuple(self._missing[key] for key in sorted(self._missing))

    def answers(self, spec: DeliverySpec, delivery_ids: Sequence[str]) -> pl.DataFrame:
        """What the recipient answered to these deliveries; nothing where it cannot be asked."""
        if delivery_ids:
            try:
                table = self._open().acknowledgements(self._outgoing(spec), delivery_ids)
                return pl.DataFrame(table).select(pl.col(name).cast(pl.String) for name in ANSWERS)
            except (FeedError, WrongUseError) as error:
                self._note(spec, error)
        return pl.DataFrame(schema=ANSWERS)

    def send(self, spec: DeliverySpec, rows: pl.DataFrame) -> bool:
        """Whether the rows are in the inbox and the delivery is announced, with zero rows too.

        A delivery whose answers could not be read is not tried: the recipient does not answer tonight.
        """
        if spec.key in self._failed:
            return False
        columns = ["delivery_id", "verb", NIGHT, "recipient", *spec.columns]
        try:
            connector, outgoing = self._open(), self._outgoing(spec)
            if not rows.is_empty():
                connector.deliver(outgoing, rows.select(columns).to_arrow())
            for night, count in self._rows_by_night(spec, rows).items():
                connector.announce(outgoing, night, count)
        except (FeedError, WrongUseError) as error:
            self._note(spec, error)
            return False
        return True

    def unclear(self, spec: DeliverySpec, answers: int) -> None:
        """Record that so many answers are in words that nobody agreed; their deliveries stay pending."""
        self._missing.setdefault(
            spec.key,
            Missing(
                office=self._office,
                feed=spec.key,
                reason=f"{answers} answers are neither DITERIMA nor DITOLAK.",
                remedy="Ask the agency to answer in the agreed words; until then they stay pending.",
                retriable=False,
            ),
        )

    def _rows_by_night(self, spec: DeliverySpec, rows: pl.DataFrame) -> dict[str, int]:
        """How many rows of tonight, and of every night that `rows` are of, are in the inbox by now.

        A row keeps the night in which it was due, however often it is sent: a night whose inbox did not
        answer is announced when its rows come.
        """
        row = delivery.c
        concerned = sorted({self._night.day.isoformat(), *rows[NIGHT].to_list()})
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
        self._missing[spec.key] = noted
        self._failed.add(spec.key)
