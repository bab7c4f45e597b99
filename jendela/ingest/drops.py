"""Drop feeds: letters that were not seen before, landed as the bytes they came in, then read as rows."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pyarrow as pa
from sqlalchemy import select

from jendela.ingest.landing import Landed
from jendela.model.errors import UnusableFeedError, WrongUseError
from jendela.model.ports import Connector, Document, FeedSource
from jendela.model.receipt import Night
from jendela.store.artefacts import Artefacts
from jendela.store.hub import Hub
from jendela.store.tables import night as opened

TOGETHER = 500  # letters landed in one go
_LANDING = pa.schema([("name", pa.string()), ("sha256", pa.string()), ("content", pa.binary())])


@dataclass(frozen=True)
class Reading:
    """What letters are read by: the authorities, when they were received, the folder of the editions."""

    trust: Any
    received: datetime
    agreements: Path | None


def reading_of(hub: Hub, night: Night, source: FeedSource) -> Reading:
    """What tonight's letters of the feed are read by, as the hub is configured.

    Raises:
        UnusableFeedError: the folder of authorities is missing or has something else in it. The files wait
            for it: a file is received once, and judged without its authority it would be invalid for good.
    """
    from jendela.letters.signing import load_trust

    try:
        trust = load_trust(hub.settings.trust)
    except (WrongUseError, OSError) as error:
        remedy = "Correct the folder, or the key trust of the configuration."
        raise UnusableFeedError(source.office, source.feed, str(error), remedy) from None
    return Reading(trust, received_at(hub, night, source.office), hub.settings.agreements)


def land_documents(
    artefacts: Artefacts,
    night: Night,
    connector: Connector,
    source: FeedSource,
    seen: Container[tuple[str, str]],
    reading: Reading | None = None,
) -> tuple[Landed, pl.DataFrame]:
    """The new files of the feed as landed rows, one for each worker, and the files' `name` and `sha256`.

    A worker who does not keep to the form is a flagged row, and so is a file that cannot be read; it is
    landed like the others. A signature that is not valid holds nothing; without `reading` none is valid.
    """
    from jendela.letters.xml import parse_letters

    documents: list[Document] = []

    def tee() -> Iterator[pa.Table]:
        yield _table([])
        part: list[Document] = []
        for document in connector.documents(source, seen):
            documents.append(document)
            part.append(document)
            if len(part) == TOGETHER:
                yield _table(part)
                part = []
        if part:
            yield _table(part)

    digest = artefacts.land(night, source.office, source.feed, tee())
    told = (reading.trust, reading.received, reading.agreements) if reading is not None else ()
    parsed = parse_letters(documents, *told)
    sums = {one.name: hashlib.sha256(one.content).hexdigest() for one in documents}
    bad = pl.DataFrame(
        [(one.name, one.rule, sums[one.name]) for one in parsed.unreadable],
        dict.fromkeys(("_name", "_problem", "document_sha256"), pl.String),
        orient="row",
    )
    rows = pl.concat([parsed.rows, bad], how="diagonal")
    reasons = {one.name: f"{one.rule}: {one.reason}" for one in parsed.unreadable}
    workers: dict[str, list[dict[str, Any]]] = {}
    for held in parsed.held:
        workers.setdefault(held.name, []).append({"row": held.row, "problem": f"{held.rule}: {held.reason}"})
    # File names may name people: the manifest has only the digests.
    files = []
    for one in documents:
        about = {"bytes": len(one.content), "sha256": sums[one.name], "problem": reasons.get(one.name)}
        if one.name in workers:
            about["workers"] = workers[one.name]
        if (verdict := parsed.verdicts.get(one.name)) is not None:
            about["signature"] = {"status": verdict.status, "reason": verdict.reason}
        files.append(about)
    found = pl.DataFrame(
        {"name": list(sums), "sha256": list(sums.values())}, dict.fromkeys(("name", "sha256"), pl.String)
    )
    return Landed(digest, rows.height, rows, files), found


def received_at(hub: Hub, night: Night, office: str) -> datetime:
    """When tonight's letters were received at the latest: what signatures are judged by.

    The end of the night's day at the office, or when the night was opened if that was later: a night that is
    made up for finds letters that were signed after its day. Both are the same whenever the step is repeated.
    """
    zone = ZoneInfo(hub.agreements.offices[office].zone)
    ends = datetime.combine(night.day, time(23, 59, 59), zone)
    with hub.reading() as conn:
        begun = conn.execute(select(opened.c.opened_at).where(opened.c.seq == night.seq)).scalar_one_or_none()
    return ends if begun is None else max(ends, begun.replace(tzinfo=begun.tzinfo or UTC))


def _table(documents: list[Document]) -> pa.Table:
    columns = (
        [one.name for one in documents],
        [hashlib.sha256(one.content).hexdigest() for one in documents],
        [one.content for one in documents],
    )
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, _LANDING, strict=True)],
        schema=_LANDING,
    )
