"""One feed's batch of one night: landed, checked for loss, and told apart into news and no news."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from jendela.contracts.mapping import Feed
from jendela.ingest import acquire, guards, memory
from jendela.ingest.acquire import Pulled
from jendela.ingest.business import Ordered, believed, in_order, latest
from jendela.ingest.changes import judge
from jendela.ingest.known import Known
from jendela.ingest.landing import SLICE, manifest
from jendela.ingest.marks import Marks, among, distinct, short
from jendela.ingest.news import write_changes, write_nothing
from jendela.ingest.released import released_rows
from jendela.ingest.repeats import Repeats, digests, last_extract, without_repeats
from jendela.ingest.replay import Replay
from jendela.ingest.window import committed
from jendela.model.ports import Connector, FeedSource
from jendela.model.receipt import Digest, Night
from jendela.store.artefacts import gone_name
from jendela.store.hub import Hub

STEP = "pull"
MANY = 2 * SLICE  # rows from which on all that is known is read, and not asked for one by one
NOT_CONFIRMED = pl.DataFrame(schema={"record_id": pl.String, "as_of": pl.String})


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
        past = replace(past, as_of=believed(past.as_of, latest(night.day)))
        seen = memory.NOTHING_SEEN
        if source.mode == "drop":
            seen = memory.seen_files(conn, hub.keyring, source.feed)
    with hub.artefacts.scratch(night, STEP, f"{source.feed}.marks") as scratch:
        marks = Marks(hub.keyring, source, scratch)
        with scratch.writer:
            if source.mode == "drop":
                pulled = acquire.documents(hub, night, connector, source, seen, marks)
            else:
                due = released is None and acquire.sweep_due(hub, night, source, past)
                pulled = acquire.rows(hub, night, connector, source, past, marks, due)
        return _told_apart(hub, night, feed, past, pulled, marks, seen, released)


def _told_apart(
    hub: Hub,
    night: Night,
    feed: Feed,
    past: memory.Memory,
    pulled: Pulled,
    marks: Marks,
    seen: memory.Seen,
    released: Replay | None,
) -> Batch:
    source, landed = feed.source, pulled.landed
    whole = source.mode == "snapshot" or pulled.swept is not None
    told, ordered = _of_files(hub, night, source, past, pulled, marks, seen)
    rows = ordered.rows if source.path is not None else None
    known = _known(hub, source, pulled, marks, whole, rows)
    gone = known.deletions() if released is None or source.mode == "snapshot" else released.gone()
    if ordered.stale or (told.repeated and source.mode == "snapshot"):
        gone = gone.clear()  # it says nothing new, or only what was so before
    guard, halted = (None, None)
    if released is None and not ordered.stale:
        guard, halted = guards.halt(hub, night, source, pulled, past, known, ordered, marks)
    beside_landing: list[Digest] = []
    swept_away = gone.height if pulled.swept is not None else 0
    if swept_away:  # a guard may halt the batch, here or later: who releases it releases this too
        found = [gone.to_arrow()]
        beside_landing = [hub.artefacts.land(night, source.office, gone_name(source.feed), found)]
    if halted:
        counts = {"received": landed.received, "released": 0, "halted": landed.received}
        gone = gone.clear()
        changes, missed = write_nothing(hub.artefacts, night, source), 0
    else:
        missed = _missed(pulled, marks, known)
        with hub.reading() as conn:
            own = partial(memory.known_rows, conn, source.feed)
            held_before = released_rows(conn, hub.keyring, source)
            judged = judge(source, marks, known, own, held_before, gone["_record_id"], rows)
        changes = write_changes(hub.artefacts, night, source, landed, judged)
        counts = {**judged.counts, "halted": 0, "deleted": gone.height}
        counts["received"] = landed.received
        counts["duplicate"] += told.repeated
        counts["superseded"] += ordered.overtaken
        if released is not None:
            counts |= {"received": 0, "released": counts["released"] + landed.received, "later": 1}
        beside = {"missed": missed, "repeated": told.repeated, "repeated_files": told.files}
        counts |= {name: count for name, count in beside.items() if count}
    artefacts = (
        landed.digest,
        changes,
        hub.artefacts.write(night, STEP, f"{source.feed}.deleted", gone),
        *beside_landing,
    )
    swept = pulled.swept is not None or past.new
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
            "rows": landed.received,
            "landing": landed.digest.path,
            "sha256": landed.digest.sha256,
            "manifest": manifest(
                source,
                feed.version,
                pulled.asked,
                landed,
                counts=counts,
                highest=pulled.highest,
                as_of=ordered.as_of if source.mode == "snapshot" or source.options.get("dated") else None,
                **({"gone": swept_away} if swept_away else {}),
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
            "last_rows": landed.received,
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


def _of_files(
    hub: Hub,
    night: Night,
    source: FeedSource,
    past: memory.Memory,
    pulled: Pulled,
    marks: Marks,
    seen: memory.Seen,
) -> tuple[Repeats, Ordered]:
    """What of the files came before, and which of their rows may count; a database has none."""
    if source.path is None:
        nothing = pl.DataFrame()
        return Repeats(nothing, 0, 0), Ordered(nothing, 0, None, False, NOT_CONFIRMED)
    with hub.reading() as conn:
        before = last_extract(conn, source.feed, night.seq)
        extract = digests(pulled.landed.files)
        told = without_repeats(source, marks.all(), pulled.files, seen, extract, before)
        known = memory.known_rows(conn, source.feed, told.rows["_record_id"])
    names = [str(file.get("name", "")) for file in pulled.landed.files] if source.mode == "snapshot" else []
    return told, in_order(source, told.rows, known, past.as_of, latest(night.day), names)


def _known(
    hub: Hub, source: FeedSource, pulled: Pulled, marks: Marks, whole: bool, rows: pl.DataFrame | None
) -> Known:
    """What the hub knows of the feed: all of it where the agency's list is complete, or long."""
    swept = pulled.swept
    present = marks.present([] if swept is None else [short(swept.drop_nulls())], rows)
    # Rows without a key are known by their content, which a sweep does not see: none of them is gone.
    known = Known(present, whole, but_held=swept is not None and swept.null_count() > 0)
    with hub.reading() as conn:
        if whole or pulled.landed.received > MANY:
            return known.gather(memory.all_known_rows(conn, source.feed))
        ids = pl.concat([part["_record_id"] for part in marks.slices()]).bin.encode("hex")
        return known.gather([memory.known_rows(conn, source.feed, ids)])


def _missed(pulled: Pulled, marks: Marks, known: Known) -> int:
    """How many of the agency's keys no window ever brought."""
    if pulled.swept is None:
        return 0
    there = distinct(np.concatenate([known.every(), marks.rows()]))
    return int((~among(distinct(short(pulled.swept.drop_nulls())), there)).sum())
