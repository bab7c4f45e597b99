"""What an agency gave tonight, kept as it came: encrypted, digested, with a manifest. Nothing is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from jendela.model.ports import Connector, FeedSource, Window
from jendela.model.receipt import Digest, Night
from jendela.store.ahead import ahead
from jendela.store.artefacts import Artefacts

ABOUT = b"jendela"  # schema metadata of a connector's tables: source files and columns nobody agreed
SLICE = 98_304  # rows worked on at once, more or less: bounds the memory of a feed of any size
ENOUGH = 80_000  # rows that are a slice of their own: putting tables together copies them


@dataclass
class Landed:
    """A landed feed: the digest of its file, how many rows came, and what is to be said of the source.

    `rows` are they themselves where the landing does not hold rows but the letters that they stand in.
    """

    digest: Digest
    received: int
    rows: pl.DataFrame | None = None
    files: list[dict[str, Any]] = field(default_factory=list)
    extra_columns: list[str] = field(default_factory=list)


def land_rows(
    artefacts: Artefacts,
    night: Night,
    connector: Connector,
    source: FeedSource,
    window: Window,
    see: Callable[[pa.Table], None],
) -> Landed:
    """The feed's rows of this window, landed as they stream in; `see` is shown every slice of them, in order.

    `_row` counts the rows if the source does not.
    """
    about: dict[bytes, None] = {}
    received = 0

    def tee() -> Generator[pa.Table]:
        nonlocal received
        with closing(ahead(_sliced(connector.pull(source, window), about))) as parts:
            for table in parts:
                # Handed on first: it is written while its rows are looked at.
                yield table
                see(_numbered(table, received))
                received += table.num_rows

    with closing(tee()) as tables:
        digest = artefacts.land(night, source.office, source.feed, tables)
    said = [json.loads(text) for text in about]
    return Landed(
        digest,
        received,
        files=[file for one in said for file in one.get("files", ())],
        extra_columns=sorted({name for one in said for name in one.get("extra_columns", ())}),
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
            "rows": landed.received,
            "files": landed.files,
            "landing": {"path": landed.digest.path, "sha256": landed.digest.sha256},
            **more,
        },
        sort_keys=True,
        ensure_ascii=False,
    )


def _sliced(tables: Iterable[pa.Table], about: dict[bytes, None]) -> Iterator[pa.Table]:
    """The tables as they come, but small ones put together; what they say of themselves is kept apart."""
    waiting: list[pa.Table] = []
    rows, none = 0, True
    for table in tables:
        if said := (table.schema.metadata or {}).get(ABOUT):
            about[said] = None
        plain = table.replace_schema_metadata(None)
        waiting.append(plain.cast(waiting[0].schema) if waiting else plain)
        rows += table.num_rows
        if rows >= ENOUGH:
            yield from _cut(waiting)
            waiting, rows, none = [waiting[0].slice(0, 0)], 0, False
    if rows or none:  # no rows at all is a slice too: it carries the columns
        yield from _cut(waiting)


def _cut(tables: list[pa.Table]) -> Iterator[pa.Table]:
    """Slices of at most twice the usual size."""
    filled = [table for table in tables if table.num_rows]
    whole = filled[0] if len(filled) == 1 else pa.concat_tables(filled or tables[:1]).combine_chunks()
    for start in range(0, max(whole.num_rows, 1), 2 * SLICE):
        yield whole.slice(start, 2 * SLICE)


def _numbered(rows: pa.Table, before: int) -> pa.Table:
    if "_row" not in rows.column_names:
        rows = rows.append_column("_row", pa.array(np.arange(before + 1, before + rows.num_rows + 1)))
    if "_name" not in rows.column_names:
        rows = rows.append_column("_name", pa.nulls(rows.num_rows, pa.string()))
    return rows.set_column(rows.column_names.index("_row"), "_row", rows["_row"].cast(pa.int64()))
