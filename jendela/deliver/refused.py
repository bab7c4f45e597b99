"""An office's own words of refusal: sealed at rest, told apart by a digest, shown where that is logged."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import func, select

from jendela.crypto import Keyring, keyed_hash, seal_many, unseal
from jendela.evidence import look
from jendela.model.errors import WrongUseError
from jendela.privacy.views import masked_nik
from jendela.store.hub import Hub
from jendela.store.sealed import ACK_WORDS
from jendela.store.tables import delivery as table
from jendela.store.tables import night

PURPOSE = "refusal_words"
LEAST_DIGITS = 8  # of a digest: fewer would be a guess
_NUMBER = re.compile(r"\d(?:[ .-]?\d){5,}")


@dataclass(frozen=True)
class Refusal:
    """Deliveries that one recipient refused for one reason, in the same words where it gave any.

    `reason` is a kind of `schemas/codes/refusal_reason.csv` or the office's own short code; `words` the
    digest of its words, "" of none; `last` the last of the nights (ISO).
    """

    recipient: str
    delivery: str
    reason: str
    words: str
    count: int
    last: str

    def as_dict(self) -> dict[str, Any]:
        """The refusal as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Said:
    """The words of a refusal, long numbers masked, and the deliveries they were said of."""

    words: str
    deliveries: tuple[str, ...]


def sealed(keyring: Keyring, closed: pl.DataFrame) -> pl.DataFrame:
    """Closed deliveries of `acks.judged` as the hub keeps them: `words` sealed, and their digest beside."""
    words = closed["words"]
    return closed.drop("words").with_columns(
        ack_words=seal_many(keyring, words, ACK_WORDS), ack_digest=keyed_hash(keyring, PURPOSE, words)
    )


def refusals(hub: Hub, office: str | None) -> list[Refusal]:
    """What was refused, of all nights, by recipient, delivery, reason and words."""
    row = table.c
    about = (row.recipient, row.delivery, row.ack_reason, row.ack_digest)
    query = (
        select(*about, func.count(), func.max(night.c.day))
        .join(night, night.c.seq == row.closed_seq)
        .where(row.state == "refused")
        .group_by(*about)
        .order_by(*about)
    )
    if office:
        query = query.where(row.office == office)
    with hub.reading() as conn:
        return [
            Refusal(recipient, delivery, reason or "", digest or "", count, last.isoformat())
            for recipient, delivery, reason, digest, count, last in conn.execute(query)
        ]


def open_words(hub: Hub, digest: str, who: str, now: datetime) -> Said:
    """The words behind a digest, as the report and the list show it; that `who` looks is logged before.

    Raises:
        WrongUseError: no words, or more than one wording, begin with this digest, or nobody is named.
    """
    wanted = digest.removeprefix("#").lower()
    if len(wanted) < LEAST_DIGITS or not all(digit in "0123456789abcdef" for digit in wanted):
        raise WrongUseError(f"Words are named by at least {LEAST_DIGITS} digits: `jendela refused list`.")
    row = table.c
    query = select(row.delivery_id, row.ack_digest, row.ack_words).where(row.ack_digest.startswith(wanted))
    with hub.begin() as conn:
        found = conn.execute(query.order_by(row.delivery_id)).all()
        if len({one.ack_digest for one in found}) != 1:
            raise WrongUseError(
                f"{'More than one wording begins' if found else 'No words begin'} with {wanted}."
            )
        look.log(conn, who, now, refusal_words=found[0].ack_digest, deliveries=len(found))
    words = unseal(hub.keyring, found[0].ack_words, ACK_WORDS).decode()
    shown = _NUMBER.sub(lambda number: masked_nik(number.group()), words)
    return Said(" ".join(shown.split()), tuple(one.delivery_id for one in found))
