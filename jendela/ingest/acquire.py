"""What a feed's source gives tonight, landed: new files, or the rows of its window and a sweep when due."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from jendela.ingest import memory
from jendela.ingest.drops import land_documents, reading_of
from jendela.ingest.fingerprints import record_ids
from jendela.ingest.landing import Landed, land_rows
from jendela.ingest.marks import Marks
from jendela.ingest.window import window
from jendela.model.ports import Connector, FeedSource, Window
from jendela.model.receipt import Night
from jendela.store.hub import Hub

NO_FILES = pl.DataFrame(schema={"name": pl.String, "sha256": pl.String})


@dataclass(frozen=True)
class Pulled:
    """A landed feed. `swept` are the record ids of all keys at the agency, if they were asked for.

    They are null where a part of the key is blank; `highest` is the newest watermark there.
    """

    landed: Landed
    asked: Window
    highest: str | None = None
    swept: pl.Series | None = None
    files: pl.DataFrame = field(default_factory=NO_FILES.clone)


def documents(
    hub: Hub,
    night: Night,
    connector: Connector,
    source: FeedSource,
    seen: memory.Seen,
    marks: Marks,
) -> Pulled:
    """The new files of a drop, landed and seen as rows; errors as the connector's and `reading_of`'s."""
    reading = reading_of(hub, night, source)
    landed, files = land_documents(hub.artefacts, night, connector, source, seen, reading)
    assert landed.rows is not None  # noqa: S101 - letters are read as rows
    marks.see(landed.rows.rechunk().to_arrow())
    return Pulled(landed, Window(None, None), files=files)


def rows(
    hub: Hub,
    night: Night,
    connector: Connector,
    source: FeedSource,
    past: memory.Memory,
    marks: Marks,
    due: bool,
) -> Pulled:
    """The rows of the feed's window, landed and seen; with the ids of all keys where a sweep is `due`."""
    # Keys before the newest watermark: then every key that is neither known nor in the window was missed.
    swept = None
    if due:
        swept = record_ids(hub.keyring, source.feed, pl.DataFrame(connector.keys(source)))
    highest = connector.high_watermark(source)
    asked = window(source, past.watermark, highest)
    if past.again and asked.low is not None:
        asked = Window(_earlier(asked.low, past.again_from), asked.high)
    landed = land_rows(hub.artefacts, night, connector, source, asked, marks.see)
    return Pulled(landed, asked, highest, swept)


def sweep_due(hub: Hub, night: Night, source: FeedSource, past: memory.Memory) -> bool:
    """Whether all keys of the source are to be read tonight."""
    since = night.seq - (past.last_sweep_seq or 0)
    return source.mode == "delta" and not past.new and since >= hub.settings.sweep_every_nights


def _earlier(low: str, again_from: str | None) -> str | None:
    return (
        None
        if again_from is None
        else min(low, again_from, key=lambda text: (text.isdigit() and len(text), text))
    )
