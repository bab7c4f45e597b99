"""An office: who it is, where its day begins, how it is reached, and which feeds and deliveries it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, StringConstraints

from jendela.contracts.delivery import DeliverySpec
from jendela.contracts.expected import DAILY, Expected
from jendela.contracts.mapping import Feed
from jendela.contracts.office_calendar import ExpectedFile, expected_of
from jendela.contracts.quick_yaml import read_quickly

OfficeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
ConnectionName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
RefusalCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9_./-]{0,39}$")]
Recipient = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(\.[a-z0-9]+)*$")]


class _Inbox(BaseModel):
    model_config = ConfigDict(extra="forbid")
    transport: str
    connection: ConnectionName


class _OfficeFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    office: OfficeId
    name_id: str
    name_en: str
    zone: str
    region: Annotated[str, StringConstraints(pattern=r"^\d{4}$")] | None
    transport: str
    connection: ConnectionName
    inbox: _Inbox
    recipients: list[Recipient]
    refusals: dict[RefusalCode, str] = {}
    expected: ExpectedFile = ExpectedFile()
    pool: Annotated[str, StringConstraints(pattern=r"^agency_[a-z0-9]+$")]


@dataclass(frozen=True)
class Office:
    """One office with its feeds (by full name) and deliveries (by key: recipient and name).

    `zone` is the IANA zone of its legal dates, `region` the 4-digit region of a Dinas (else None).
    `expected` says when feeds are expected, `expected_feeds` those for which it is otherwise.
    `connection` and `inbox_connection` are names, resolved where they are used. `refusals` gives the agreed
    kind of each code by which the office refuses a delivery.
    """

    id: str
    name_id: str
    name_en: str
    zone: str
    region: str | None
    transport: str
    connection: str
    inbox_transport: str
    inbox_connection: str
    recipients: tuple[str, ...]
    pool: str
    feeds: Mapping[str, Feed]
    deliveries: Mapping[str, DeliverySpec]
    expected: Expected = DAILY
    expected_feeds: Mapping[str, Expected] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)

    def expects(self, feed: str) -> Expected:
        """When this feed is expected."""
        return self.expected_feeds.get(feed, self.expected)

    @property
    def agency(self) -> str:
        """The agency whose pool the office shares: bpjs, kemnaker, dinas."""
        return self.pool.removeprefix("agency_")


def load_office(path: Path, root: Path, kinds: frozenset[str]) -> Office:
    """The office in the `office.yaml` at `path`, still without its feeds and deliveries.

    `kinds` are the agreed reasons of a refusal.

    Raises:
        AgreementError: a key is unknown or missing, the id is not the folder's name, the zone unknown, or a
            refusal is of no agreed kind.
    """
    file = read_quickly(path, root)
    raw = file.parse(_OfficeFile)
    if raw.office != path.parent.name:
        raise file.error(["office"], "office", f"is {raw.office}, but the folder is {path.parent.name}.")
    try:
        ZoneInfo(raw.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise file.error(["zone"], "zone", f"{raw.zone} is not an IANA time zone.") from None
    for code, kind in raw.refusals.items():
        if kind not in kinds:
            raise file.error(["refusals", code], code, f"is {kind}, which is not in refusal_reason.")
    expected, by_feed = expected_of(file, raw.expected, path.parent)
    return Office(
        id=raw.office,
        name_id=raw.name_id,
        name_en=raw.name_en,
        zone=raw.zone,
        region=raw.region,
        transport=raw.transport,
        connection=raw.connection,
        inbox_transport=raw.inbox.transport,
        inbox_connection=raw.inbox.connection,
        recipients=tuple(raw.recipients),
        pool=raw.pool,
        feeds={},
        deliveries={},
        expected=expected,
        expected_feeds=by_feed,
        refusals=raw.refusals,
    )
