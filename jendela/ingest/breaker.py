"""The circuit breaker of an office: one that failed for nights is probed once, and costs no more than that.

It is read from the receipts: it opens after so many nights in which no feed answered, stays open while the
probe fails (half-open is the moment of the probe), and closes with the first night in which a feed answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from jendela.model.errors import FeedError, UnreachableError, WrongUseError
from jendela.model.receipt import Missing, Receipt
from jendela.store import tables
from jendela.store.hub import Hub

STEP = "pull"


@dataclass(frozen=True)
class Breaker:
    """How many nights running no feed of the office answered, since its last reset; the first of them."""

    office: str
    failures: int
    since: str | None
    limit: int

    @property
    def is_open(self) -> bool:
        """Whether the office is probed before anything is asked of it."""
        return self.failures >= self.limit


def read(conn: Connection, hub: Hub, office: str, seq: int) -> Breaker:
    """The office's breaker before night `seq`."""
    nights, receipt, reset = tables.night.c, tables.receipt.c, tables.breaker_reset.c
    from_seq = conn.execute(select(reset.seq).where(reset.office == office)).scalar() or 0
    query = (
        select(receipt.body)
        .join(tables.night, (nights.day == receipt.day) & (nights.supplement == receipt.supplement))
        .where(receipt.step == STEP, receipt.scope == office, nights.seq < seq, nights.seq > from_seq)
        .order_by(nights.seq.desc())
    )
    failures, since = 0, None
    for body in conn.execute(query).scalars():
        past = Receipt.from_json(body)
        if not past.missing and past.counts and not _answered(past):
            continue  # all of it was taken from its landing: the office was not asked
        if not _failed(past):
            break
        failures, since = failures + 1, past.night
    return Breaker(office, failures, since, hub.settings.breaker_nights)


def probe(hub: Hub, office: str) -> FeedError | WrongUseError | None:
    """What looking at the office once gives: its error if it still does not answer."""
    feeds = hub.agreements.offices[office].feeds
    try:
        hub.connect(office, "read").check(feeds[min(feeds)].source)
    except UnreachableError as error:
        return error
    except (FeedError, WrongUseError):
        return None  # it answers; what is wrong is said feed by feed
    return None


def skipped(breaker: Breaker, error: FeedError | WrongUseError, feed: str) -> Missing:
    """What is said of a feed that was not asked."""
    reason = error.reason if isinstance(error, FeedError) else str(error)
    return Missing(
        breaker.office,
        feed,
        f"Not asked: the office has not answered for {breaker.failures} nights, nor when it was probed: "
        f"{reason}",
        f"It is probed every night and asked again once it answers; to ask it in full the next time: "
        f"jendela halted release {breaker.office}.",
        retriable=True,
        skipped=True,
    )


def _failed(receipt: Receipt) -> bool:
    silent = bool(receipt.missing) and all(item.retriable for item in receipt.missing)
    return silent and not _answered(receipt)


def _answered(receipt: Receipt) -> bool:
    """Whether a feed was read at the office: a released batch, after which it is asked later, was not."""
    return any(counts.get("received", 0) or not counts.get("later", 0) for counts in receipt.counts.values())
