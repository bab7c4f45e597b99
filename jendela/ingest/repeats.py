"""Files whose content came before: counted, not taken again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from jendela.ingest.memory import Seen
from jendela.model.ports import FeedSource
from jendela.store.tables import batch


@dataclass(frozen=True)
class Repeats:
    """The rows of new files, and how many rows and files only say what a file said before."""

    rows: pl.DataFrame
    repeated: int
    files: int


Files = tuple[tuple[str, str], ...]  # (sha256, name), sorted


def last_extract(conn: Connection, feed: str, seq: int) -> Files | None:
    """The files of the extract that was taken last; None if its source tells none."""
    query = (
        select(batch.c.manifest)
        .where(batch.c.feed == feed, batch.c.seq < seq, batch.c.state == "merged")
        .order_by(batch.c.seq.desc())
        .limit(1)
    )
    manifest = conn.execute(query).scalar()
    return digests(json.loads(manifest).get("files", ())) if manifest else None


def digests(files: Sequence[dict[str, Any]]) -> Files | None:
    """Digest and name of all files, sorted; None if there are no files or one has none."""
    found = [(str(file["sha256"]), str(file.get("name", ""))) for file in files if file.get("sha256")]
    return tuple(sorted(found)) if found and len(found) == len(files) else None


def without_repeats(
    source: FeedSource,
    rows: pl.DataFrame,
    files: pl.DataFrame,
    seen: Seen,
    extract: Files | None,
    before: Files | None,
) -> Repeats:
    """The rows without those of repeated files.

    Of a drop (`files`: `name, sha256`) a file is repeated whose content was taken under another name, or
    comes twice tonight: then the first by name counts. Of a snapshot the whole extract is, if all its files
    are those of the one taken last (`extract`, `before`) under other names: files that lie there as they did
    are not known to have been sent again, and their rows are unchanged.
    """
    if source.mode == "snapshot":
        if extract is None or before is None or extract == before:
            return Repeats(rows, 0, 0)
        if [sha256 for sha256, _ in extract] != [sha256 for sha256, _ in before]:
            return Repeats(rows, 0, 0)
        return Repeats(rows.clear(), rows.height, len(extract))
    again = files.sort("name").filter(
        pl.col("sha256").is_in(sorted(seen.digests)) | ~pl.col("sha256").is_first_distinct()
    )
    if again.is_empty():
        return Repeats(rows, 0, 0)
    kept = rows.filter(~pl.col("_name").is_in(again["name"].implode()))
    return Repeats(kept, rows.height - kept.height, again.height)
