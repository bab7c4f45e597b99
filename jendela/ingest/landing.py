"""What an agency gave tonight, kept as it came: encrypted, digested, with a manifest. Nothing is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pyarrow as pa

from jendela.model.ports import Connector, FeedSource, Window
from jendela.model.receipt import Digest, Night
from jendela.store.artefacts import Artefacts

ABOUT = b"jendela"  # schema metadata of a connector's tables: source files and columns nobody agreed


@dataclass
class Landed:
    """A landed feed: the digest of its file, its rows as they came, and what is to be said of the source."""

    digest: Digest
    rows: pl.DataFrame
    files: list[dict[str, Any]] = field(default_factory=list)
    extra_columns: list[str] = field(default_factory=list)


def land_rows(
    artefacts: Artefacts, night: Night, connector: Connector, source: FeedSource, window: Window
) -> Landed:
    """The feed's rows of this window, landed as they stream in; `_row` counts them if the source does not."""
    parts: list[pl.DataFrame] = []
    about: dict[bytes, None] = {}

    def tee() -> Iterator[pa.Table]:
        for table in connector.pull(source, window):
            if said := (table.schema.metadata or {}).get(ABOUT):
                about[said] = None
            plain = table.replace_schema_metadata(None)
            frame = pl.from_arrow(plain)
            assert isinstance(frame, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
            parts.append(frame)
            yield plain

    digest = artefacts.land(night, source.office, source.feed, tee())
    said = [json.loads(text) for text in about]
    return Landed(
        digest,
        _numbered(pl.concat(parts)),
        [file for one in said for file in one.get("files", ())],
        sorted({name for one in said for name in one.get("extra_columns", ())}),
    )


def manifest(source: FeedSource, version: str, window: Window, landed: Landed, **more: Any) -> str:
    """What was asked and what came, as JSON for the batch: window, columns, rows, source files, mapping."""
    return json.dumps(
        {
            "feed": source.feed,
            "mode": source.mode,
            "mapping": version,
            "window": {"low": window.low, "high": window.high},
            "columns": list(source.columns),
            "extra_columns": landed.extra_columns,
            "rows": landed.rows.height,
            "files": landed.files,
            "landing": {"path": landed.digest.path, "sha256": landed.digest.sha256},
            **more,
        },
        sort_keys=True,
        ensure_ascii=False,
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    if "_row" not in rows.columns:
        rows = rows.with_columns(pl.int_range(1, pl.len() + 1).alias("_row"))
    if "_name" not in rows.columns:
        rows = rows.with_columns(pl.lit(None, pl.String).alias("_name"))
    return rows.with_columns(pl.col("_row").cast(pl.Int64))
