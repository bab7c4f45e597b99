"""The first step: everything new at one office, landed and told apart. Read-only at the agency."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from jendela.contracts.mapping import Feed
from jendela.evidence.commit import commit
from jendela.ingest import breaker, business, memory, replay
from jendela.ingest.batch import Batch, pull_feed
from jendela.model.errors import FeedError, UnreachableError, WrongUseError
from jendela.model.ports import Connector
from jendela.model.receipt import Missing, Night, Receipt
from jendela.privacy import places
from jendela.store import frames, receipts, tables
from jendela.store.hub import Hub

STEP = "pull"


def run(hub: Hub, night: Night, office: str, last_attempt: bool = True) -> Receipt:
    """Pull every feed of the office; one that fails is missing tonight, and the others go on.

    Raises:
        UnreachableError: the agency did not answer and this is not the last attempt; nothing took effect.
    """
    with hub.reading() as conn:
        if done := receipts.find(conn, night, STEP, office):
            return done
    batches: list[Batch] = []
    missing: list[Missing] = []
    feeds = hub.agreements.offices[office].feeds
    with hub.reading() as conn:
        guard = breaker.read(conn, hub, office, night.seq)
        replays = {name: replay.released(conn, hub.artefacts, feed.source) for name, feed in feeds.items()}
        last = business.latest(night.day)
        taken = {
            name: business.believed(memory.remembered(conn, name, night.seq).as_of, last) for name in feeds
        }
    silent = breaker.probe(hub, office) if guard.is_open and not night.supplement else None
    for name in sorted(feeds):
        if (released := replays[name]) is not None:
            try:
                batches.append(pull_feed(hub, night, released, feeds[name], released))
            except FeedError as error:
                missing.append(_missing(office, name, error))
            continue
        if silent is not None:
            missing.append(breaker.skipped(guard, silent, name))
            continue
        try:
            connector = hub.connect(office, "read")
        except FeedError as error:
            missing.append(_missing(office, name, error))
            continue
        except WrongUseError as error:
            remedy = "Configure the connection; see `jendela source check`."
            missing.append(Missing(office, name, str(error), remedy, False))
            continue
        try:
            batches.append(_pull(hub, night, connector, feeds[name], taken[name]))
        except UnreachableError as error:
            if not last_attempt:
                raise
            missing.append(_missing(office, name, error))
        except FeedError as error:
            missing.append(_missing(office, name, error))
    receipt = Receipt(
        night.label,
        STEP,
        office,
        {batch.feed: batch.counts for batch in batches},
        tuple(digest for batch in batches for digest in batch.artefacts),
        tuple(missing),
        {feed.name: feed.version for feed in feeds.values()},
    )
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, office):
            return done
        for batch in batches:
            frames.load(conn, tables.batch, pl.DataFrame([batch.row], frames.schema(tables.batch)))
            if batch.state is not None:
                state = pl.DataFrame([batch.state], frames.schema(tables.feed_state))
                frames.upsert(conn, tables.feed_state, state)
            files = batch.files.select(
                pl.lit(batch.feed).alias("feed"),
                places.hashes(hub.keyring, batch.files["name"]),
                "sha256",
                pl.lit(batch.row["batch_id"]).alias("batch_id"),
            )
            frames.upsert(conn, tables.landed_file, files)
            confirmed = batch.confirmed.with_columns(feed=pl.lit(batch.feed))
            frames.update(conn, tables.source_row, confirmed, on=["feed", "record_id"])
        return commit(conn, receipt)


def _pull(hub: Hub, night: Night, connector: Connector, feed: Feed, taken: str | None) -> Batch:
    """The feed's batch; in a supplement of dated files, of the next business day alone."""
    if not night.supplement or not business.dated(feed.source):
        return pull_feed(hub, night, connector, feed)
    one_day = business.OneDay(connector, taken)
    batch = pull_feed(hub, night, one_day, feed)
    return replace(batch, counts={**batch.counts, "later": one_day.later})


def _missing(office: str, feed: str, error: FeedError) -> Missing:
    return Missing(office, feed, error.reason, error.remedy, error.retriable)
