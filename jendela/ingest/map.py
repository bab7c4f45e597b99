"""The second step: the changed source rows of one office as canonical rows, or as problems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial

import polars as pl

from jendela.contracts.mapping import Feed
from jendela.evidence.commit import once
from jendela.ingest.canonical import ORDER, PROVENANCE, map_rows
from jendela.ingest.reaching import with_reached
from jendela.model.errors import WrongUseError
from jendela.model.receipt import Digest, Night, Receipt
from jendela.store import receipts
from jendela.store.ahead import in_turn
from jendela.store.apart import apart
from jendela.store.artefacts import artefact_path
from jendela.store.hub import Hub
from jendela.store.slices import SliceReader

STEP = "map"
UNASKED = ("_row_hash", "_released", "_as_of")  # of the changes, what no mapping asks


def run(hub: Hub, night: Night, office: str) -> Receipt:
    """Map what `pull` found changed in every feed of the office; a feed without changes costs nothing.

    Writes `map/<feed>.<entity>` and `map/<feed>.problems`. Counts per feed: `rows` in, `mapped.<entity>` out,
    `problems` (values or whole rows that could not be read).

    Raises:
        WrongUseError: the office was not pulled this night.
    """
    with hub.reading() as conn:
        if done := receipts.find(conn, night, STEP, office):
            return done
        pulled = receipts.find(conn, night, "pull", office)
    if pulled is None:
        raise WrongUseError(f"{office} was not pulled this night: run its pull first.")
    feeds = hub.agreements.offices[office].feeds
    counts: dict[str, dict[str, int]] = {}
    artefacts: list[Digest] = []
    for name in sorted(set(feeds) & set(pulled.counts)):  # the others are missing tonight: pull says why
        digests, counts[name] = _map_feed(hub, night, feeds[name])
        artefacts += digests
    versions = {f"mapping.{name}": feeds[name].version for name in counts}
    receipt = Receipt(night.label, STEP, office, counts, tuple(artefacts), (), versions)
    return once(hub, night, STEP, office, lambda _: receipt)


def _map_feed(hub: Hub, night: Night, feed: Feed) -> tuple[list[Digest], dict[str, int]]:
    """The files and counts of one feed: a slice of each entity for every slice of the changes."""
    name = f"{feed.name}.changes"
    counts = {"rows": 0, **{f"mapped.{entity}": 0 for entity in feed.targets}}
    problems = []
    with ExitStack() as stack:
        changes = stack.enter_context(hub.artefacts.reader(night, "pull", name))
        if not changes.rows:
            return [], {"rows": 0}
        begin = partial(hub.artefacts.writer, night, STEP, over=artefact_path(night, "pull", name))
        writers = {entity: stack.enter_context(begin(f"{feed.name}.{entity}")) for entity in feed.targets}
        # Reading takes longer than mapping: two slices at once.
        readers = [changes]
        if len(changes) > 1:
            readers.append(stack.enter_context(hub.artefacts.reader(night, "pull", name)))
        read = [_slices(one, number, len(readers)) for number, one in enumerate(readers)]
        for rows in stack.enter_context(closing(in_turn(read))):
            whole = with_reached(rows.with_row_index("_at"), feed, hub.keyring)
            mapped = map_rows(whole, feed, hub.agreements.contracts)
            for entity, frame in mapped.entities.items():
                own = [column for column in frame.columns if column not in (*PROVENANCE, "_at")]
                order = (*PROVENANCE, *own)
                writers[entity].add(frame.select(own), frame["_at"], order, same=mapped.same[entity])
                counts[f"mapped.{entity}"] += frame.height
            counts["rows"] += rows.height
            problems.append(apart(mapped.problems))
    found = pl.concat(problems).sort(ORDER, nulls_last=True)
    written = hub.artefacts.write(night, STEP, f"{feed.name}.problems", found)
    return [*(writer.digest for writer in writers.values()), written], {**counts, "problems": found.height}


def _slices(changes: SliceReader, first: int, step: int) -> Iterator[pl.DataFrame]:
    """Every so many of the slices of the changes, with what repeats itself coded."""
    wanted = [name for name in changes.columns if name not in UNASKED]
    return (changes.coded(number, wanted) for number in range(first, len(changes), step))
