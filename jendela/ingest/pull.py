"""The first step: everything new at one office, landed and told apart. Read-only at the agency."""

from __future__ import annotations

import polars as pl

from jendela.evidence.commit import commit
from jendela.ingest.batch import Batch, pull_feed
from jendela.model.errors import FeedError, UnreachableError, WrongUseError
from jendela.model.receipt import Missing, Night, Receipt
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
    for name in sorted(feeds):
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
            batches.append(pull_feed(hub, night, connector, feeds[name]))
        except UnreachableError as error:
            if not last_attempt:
                raise
            missing.append(_missing(office, name, error))
        except FeedError as error:
            missing.append(_missing(office, name, error))
    receipt = Receipt(
        str(night.day),
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
                "name",
                "sha256",
                pl.lit(batch.row["batch_id"]).alias("batch_id"),
            )
            frames.upsert(conn, tables.landed_file, files)
        return commit(conn, receipt)


def _missing(office: str, feed: str, error: FeedError) -> Missing:
    return Missing(office, feed, error.reason, error.remedy, error.retriable)
