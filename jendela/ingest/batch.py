"""One feed's batch of one night: landed, checked for loss, and told apart into news and no news."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import polars as pl

from jendela.contracts.mapping import Feed
from jendela.ingest import memory
from jendela.ingest.business import in_order
from jendela.ingest.changes import Classified, classify, deletions, halt_reason
from jendela.ingest.drops import land_documents, reading_of
from jendela.ingest.fingerprints import fingerprinted, possible_ids, record_ids
from jendela.ingest.landing import Landed, land_rows, manifest
from jendela.ingest.released import released_rows
from jendela.ingest.repeats import digests, last_extract, without_repeats
from jendela.ingest.replay import Replay
from jendela.ingest.volume import Usual, storm_reason, usual
from jendela.ingest.window import committed, window
from jendela.model.ports import Connector, FeedSource, Window
from jendela.model.receipt import Digest, Night
from jendela.store.hub import Hub

NO_IDS = pl.Series("_record_id", [], pl.String)
NO_FILES = pl.DataFrame(schema={"name": pl.String, "sha256": pl.String})


@dataclass(frozen=True)
class Batch:
    """A feed's batch, its artefacts written, ready to be committed with the office's receipt.

    `row` and `state` are its rows of `batch` and `feed_state` (None: as it was), `files` of `landed_file`;
    `confirmed` are new business dates of `source_row`.
    """

    feed: str
    counts: dict[str, int]
    artefacts: tuple[Digest, ...]
    row: dict[str, object]
    state: dict[str, object] | None
    files: pl.DataFrame
    confirmed: pl.DataFrame


@dataclass(frozen=True)
class _Pulled:
    """A landed feed. `keys` are all keys at the agency if it was swept; `highest` its newest watermark."""

    landed: Landed
    asked: Window
    highest: str | None = None
    keys: pl.DataFrame | None = None
    files: pl.DataFrame = field(default_factory=NO_FILES.clone)


def pull_feed(
    hub: Hub, night: Night, connector: Connector, feed: Feed, released: Replay | None = None
) -> Batch:
    """The feed's batch of tonight; its landing, changes and deletions are written as artefacts.

    `released` stands in for the source with a halted batch that a person released: no guard halts it again,
    and its rows, received on another night, are counted as released.

    Raises:
        UnreachableError, UnusableFeedError: as the connector does, and as `reading_of` says.
    """
    source = feed.source
    with hub.reading() as conn:
        past = memory.remembered(conn, source.feed, night.seq)
        seen: frozenset[tuple[str, str]] = frozenset()
        if source.mode == "drop":
            seen = memory.seen_files(conn, source.feed)
    if source.mode == "drop":
        reading = reading_of(hub, night, source)
        landed, files = land_documents(hub.artefacts, night, connector, source, seen, reading)
        pulled = _Pulled(landed, Window(None, None), files=files)
    else:
        pulled = _pull_rows(hub, night, connector, source, past)
    rows = fingerprinted(hub.keyring, source, pulled.landed.rows)
    received = rows.height
    with hub.reading() as conn:
        usually = usual(conn, source.feed, night.seq)
        before = last_extract(conn, source.feed, night.seq)
    extract = digests(pulled.landed.files)
    told = without_repeats(source, rows, pulled.files, seen, extract, before)
    rows = told.rows
    with hub.reading() as conn:
        whole = source.mode == "snapshot" or pulled.keys is not None
        known = memory.known_rows(conn, source.feed, None if whole else rows["_record_id"].unique())
        held_before = released_rows(conn, hub.keyring, source)
    ordered = in_order(source, rows, known, past.as_of)
    rows = ordered.rows
    gone, missed = _compared(hub, source, pulled, rows, known)
    if ordered.stale or (told.repeated and source.mode == "snapshot"):
        gone = gone.clear()  # it says nothing new, or only what was so before
    guard, halted = (None, None)
    if released is None and not ordered.stale:
        guard, halted = _halt_reason(hub, source, pulled, past, known, gone, usually)
    if halted:
        sorted_out = Classified(rows.clear().with_columns(pl.lit(value=False).alias("_released")), {})
        counts = {"received": received, "released": 0, "halted": received}
        gone = gone.clear()
    else:
        sorted_out = classify(source, rows, held_before, known, gone["_record_id"])
        counts = {**sorted_out.counts, "halted": 0, "deleted": gone.height}
        counts["received"] = received
        counts["duplicate"] += told.repeated
        counts["superseded"] += ordered.overtaken
        if released is not None:
            counts |= {"received": 0, "released": counts["released"] + received, "later": 1}
        beside = {"missed": missed, "repeated": told.repeated, "repeated_files": told.files}
        counts |= {name: count for name, count in beside.items() if count}
    step = "pull"
    changes = sorted_out.changes.select(
        *("_row", "_name", "_record_id", "_row_hash", "_released", "_problem", "_field", "_fields"),
        "_as_of",
        *source.columns,
    )
    artefacts = (
        pulled.landed.digest,
        hub.artefacts.write(night, step, f"{source.feed}.changes", changes),
        hub.artefacts.write(night, step, f"{source.feed}.deleted", gone),
    )
    swept = pulled.keys is not None or past.new
    return Batch(
        feed=source.feed,
        counts=counts,
        artefacts=artefacts,
        row={
            "batch_id": batch_id(night, source.feed),
            "seq": night.seq,
            "office": source.office,
            "feed": source.feed,
            "state": "halted" if halted else "landed",
            "complete": source.mode == "snapshot" and not halted and not ordered.stale,
            "rows": pulled.landed.rows.height,
            "landing": pulled.landed.digest.path,
            "sha256": pulled.landed.digest.sha256,
            "manifest": manifest(
                source,
                feed.version,
                pulled.asked,
                pulled.landed,
                counts=counts,
                highest=pulled.highest,
                as_of=ordered.as_of if source.mode == "snapshot" or source.options.get("dated") else None,
            ),
            "halt_reason": halted,
            "guard": guard,
            "taken_from": released.batch_id if released is not None else None,
        },
        state=None
        if halted or ordered.stale
        else {
            "feed": source.feed,
            # Rows that the window never saw are fetched by asking for everything, the next night.
            "watermark": None if missed else committed(pulled.highest, night.day),
            "last_rows": pulled.landed.rows.height,
            "last_seq": night.seq,
            "last_sweep_seq": night.seq if swept else past.last_sweep_seq,
            "as_of": ordered.as_of or past.as_of,
        },
        files=pulled.files,
        confirmed=ordered.confirmed if not halted else ordered.confirmed.clear(),
    )


def batch_id(night: Night, feed: str) -> str:
    """The id of a feed's batch of a night: the same when the step is repeated."""
    return hashlib.sha256(f"{night.label}\x1f{feed}".encode()).hexdigest()


def _pull_rows(
    hub: Hub, night: Night, connector: Connector, source: FeedSource, past: memory.Memory
) -> _Pulled:
    since = past.last_sweep_seq or 0
    due = source.mode == "delta" and not past.new and night.seq - since >= hub.settings.sweep_every_nights
    # Keys before the newest watermark: then every key that is neither known nor in the window was missed.
    keys = pl.DataFrame(connector.keys(source)) if due else None
    highest = connector.high_watermark(source)
    asked = window(source, past.watermark, highest)
    if past.again and asked.low is not None:
        asked = Window(_earlier(asked.low, past.again_from), asked.high)
    return _Pulled(land_rows(hub.artefacts, night, connector, source, asked), asked, highest, keys)


def _earlier(low: str, again_from: str | None) -> str | None:
    return (
        None
        if again_from is None
        else min(low, again_from, key=lambda text: (text.isdigit() and len(text), text))
    )


def _compared(
    hub: Hub, source: FeedSource, pulled: _Pulled, rows: pl.DataFrame, known: pl.DataFrame
) -> tuple[pl.DataFrame, int]:
    """The records that are gone from the agency, and how many of its keys no window ever brought."""
    if source.mode == "snapshot":
        present = pl.concat([rows["_record_id"], possible_ids(hub.keyring, source, rows)])
        return deletions(known, present), 0
    if pulled.keys is None:
        return deletions(known.clear(), NO_IDS), 0
    swept = record_ids(hub.keyring, source.feed, pulled.keys)
    if swept.null_count():
        # Rows without a key are known by their content, which a sweep does not see: none of them is gone.
        known = known.filter(pl.col("outcome") != "held")
    present = pl.concat([swept.drop_nulls(), rows["_record_id"]])
    there = pl.concat([known["record_id"], rows["_record_id"]])
    missed = swept.drop_nulls().unique().is_in(there.implode())
    return deletions(known, present), int((~missed).sum())


def _halt_reason(
    hub: Hub,
    source: FeedSource,
    pulled: _Pulled,
    past: memory.Memory,
    known: pl.DataFrame,
    gone: pl.DataFrame,
    usually: Usual,
) -> tuple[str | None, str | None]:
    """Which guard halts the batch, and why."""
    settings, options = hub.settings, source.options
    least = float(options.get("shrink_limit", settings.shrink_limit))
    if shrunk := _shrink_reason(source, pulled, past, known, gone, least):
        return "shrink", shrunk
    most = float(options.get("storm_limit", settings.storm_limit))
    minimum = int(options.get("storm_minimum", settings.storm_minimum))
    rows = pulled.landed.rows.height
    if storm := storm_reason(source, pulled.asked, rows, usually, most, minimum):
        return "storm", storm
    return None, None


def _shrink_reason(
    source: FeedSource,
    pulled: _Pulled,
    past: memory.Memory,
    known: pl.DataFrame,
    gone: pl.DataFrame,
    limit: float,
) -> str | None:
    if source.mode == "drop":
        return None
    if source.mode == "snapshot":
        return halt_reason(past.last_rows, pulled.landed.rows.height, limit)
    if past.watermark is not None and pulled.highest is None:
        return halt_reason(max(past.last_rows or 0, 1), 0, limit)
    if pulled.keys is not None:
        alive = known.filter(pl.col("deleted_seq").is_null() & (pl.col("outcome") != "discarded"))
        left = alive.join(gone, left_on="record_id", right_on="_record_id", how="anti")
        return halt_reason(alive.height, left.height, limit)
    return None
