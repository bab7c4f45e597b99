"""Drop feeds: letters that were not seen before, landed as the bytes they came in, then read as rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import polars as pl
import pyarrow as pa

from jendela.ingest.landing import Landed
from jendela.model.ports import Connector, Document, FeedSource
from jendela.model.receipt import Night
from jendela.store.artefacts import Artefacts

TOGETHER = 500  # letters landed in one go
_LANDING = pa.schema([("name", pa.string()), ("sha256", pa.string()), ("content", pa.binary())])


def land_documents(
    artefacts: Artefacts,
    night: Night,
    connector: Connector,
    source: FeedSource,
    seen: frozenset[tuple[str, str]],
) -> tuple[Landed, pl.DataFrame]:
    """The new files of the feed as landed rows, one for each worker, and the files' `name` and `sha256`.

    A file that cannot be read is one flagged row; it is landed like the others.
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
    parsed = parse_letters(documents)
    sums = {one.name: hashlib.sha256(one.content).hexdigest() for one in documents}
    bad = pl.DataFrame(
        [(one.name, one.rule, sums[one.name]) for one in parsed.unreadable],
        dict.fromkeys(("_name", "_problem", "document_sha256"), pl.String),
        orient="row",
    )
    rows = pl.concat([parsed.rows, bad], how="diagonal")
    reasons = {one.name: f"{one.rule}: {one.reason}" for one in parsed.unreadable}
    # File names may name people: the manifest has only the digests.
    files = [
        {"bytes": len(one.content), "sha256": sums[one.name], "problem": reasons.get(one.name)}
        for one in documents
    ]
    found = pl.DataFrame(
        {"name": list(sums), "sha256": list(sums.values())}, dict.fromkeys(("name", "sha256"), pl.String)
    )
    return Landed(digest, rows, files), found


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
