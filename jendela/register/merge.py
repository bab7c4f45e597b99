"""The merge: what passed every judge tonight becomes part of the register, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, func, select

from jendela.contracts.facts import identifying_schema
from jendela.contracts.mapping import Feed
from jendela.contracts.odcs import Contract
from jendela.evidence.commit import commit
from jendela.model.receipt import Night, Receipt
from jendela.privacy import places
from jendela.register import findings
from jendela.register.held import HeldRows, settle
from jendela.register.mended import mend, with_keys
from jendela.register.versions import judged_by, noted, person_versions, record_versions
from jendela.store import frames, receipts, records, tables
from jendela.store.ahead import ahead
from jendela.store.hub import Hub
from jendela.store.slices import SliceReader

STEP = "merge"
UNCHANGED = {
    "_row": pl.Int64(),
    **dict.fromkeys(("_name", "_record_id", "_row_hash", "_as_of"), pl.String()),
    "_released": pl.Boolean(),
}
COUNTED = ("accepted", "held", "echo", "deleted", "versions", "persons", "held_again")
_KNOWN = select(tables.source_row.c.record_id).limit(1)  # is there any record of the feed yet?


@dataclass(frozen=True)
class Judged:
    """Some rows of a feed's batch as its judges left them, ready to be loaded.

    `outcomes` has `_record_id, _row_hash, _as_of, outcome` of every source row judged. `changes` are the
    source rows themselves where more than that is asked of them: held ones, and all of a feed of letters.
    What is said of the whole batch (`deleted`) comes with its first rows.
    """

    batch: dict[str, Any]
    changes: pl.DataFrame
    outcomes: pl.DataFrame
    versions: pl.DataFrame
    persons: pl.DataFrame
    broken: pl.DataFrame
    deleted: pl.DataFrame
    letters: pl.DataFrame


def run(hub: Hub, night: Night) -> Receipt:
    """Merge tonight's judged batches; a halted one touches nothing. Counts are rows and versions by feed."""
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, ""):
            return done
        mine = select(tables.batch).where(tables.batch.c.seq == night.seq, tables.batch.c.state == "judged")
        batches = frames.read(conn, mine.order_by(tables.batch.c.feed)).to_dicts()
        counts: dict[str, dict[str, int]] = {}
        with records.filling(conn) as numbering:
            for number, batch in enumerate(batches, _last_batch(conn) + 1):
                batch["number"] = number
                with closing(ahead(_judged(hub, night, batch), depth=1)) as parts:
                    counts[batch["feed"]] = _merge(conn, hub, night, batch["feed"], parts, numbering)
        frames.update(conn, tables.batch, _merged(hub, batches), on=["batch_id"])
        return commit(
            conn,
            Receipt(night.label, STEP, "", counts, versions={"agreements": hub.agreements.digest}),
        )


def _last_batch(conn: Connection) -> int:
    return int(conn.execute(select(func.coalesce(func.max(tables.batch.c.number), 0))).scalar_one())


def _merged(hub: Hub, batches: list[dict[str, Any]]) -> pl.DataFrame:
    agreed = hub.agreements
    rows = [
        (one["batch_id"], "merged", one["number"], judged_by(agreed.feed(one["feed"]), agreed.contracts))
        for one in batches
    ]
    schema = frames.schema(tables.batch)
    names = ("batch_id", "state", "number", "versions")
    return pl.DataFrame(rows, {name: schema[name] for name in names}, orient="row")


def _judged(hub: Hub, night: Night, batch: dict[str, Any]) -> Iterator[Judged]:
    """The batch by slices, at least one."""
    feed = hub.agreements.feed(batch["feed"])
    name = feed.name

    def artefact(step: str, part: str, otherwise: tuple[str, ...]) -> pl.DataFrame:
        if hub.artefacts.exists(night, step, f"{name}.{part}"):
            return hub.artefacts.read(night, step, f"{name}.{part}")
        return pl.DataFrame(schema=dict.fromkeys(otherwise, pl.String))

    notes = noted(artefact("validate", "warnings", ("_record_id", "entity", "rule", "outcome")))
    broken = artefact("validate", "held", ("_record_id", "entity", "field", "rule"))
    letters = artefact("validate", "letters", ("_record_id",))
    deleted = artefact("pull", "deleted", ("_record_id",)).unique()
    contracts = hub.agreements.contracts
    for changes, outcomes, accepted in _slices(hub, night, feed, contracts):
        yield Judged(
            batch,
            changes,
            outcomes,
            record_versions(accepted, feed, batch["number"], contracts, night.seq, notes),
            person_versions(accepted, feed, contracts, hub.keyring, night.seq),
            broken,
            deleted,
            letters.join(outcomes, on="_record_id", how="semi"),
        )
        deleted = deleted.clear()


def _slices(
    hub: Hub, night: Night, feed: Feed, contracts: Mapping[str, Contract]
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame, dict[str, pl.DataFrame]]]:
    """Changes, outcomes and accepted rows by entity: slices of the same rows, as one was made of another."""
    place = ("_record_id", "_row_hash", "_as_of")
    whole = findings.ENTITY in feed.targets
    with ExitStack() as stack:

        def opened(step: str, part: str) -> SliceReader | None:
            if not hub.artefacts.exists(night, step, f"{feed.name}.{part}"):
                return None
            return stack.enter_context(hub.artefacts.reader(night, step, f"{feed.name}.{part}"))

        changes, outcomes = opened("pull", "changes"), opened("validate", "outcomes")
        if changes is None or outcomes is None:  # nothing came, or nothing was judged: deletions alone
            empty = pl.DataFrame(schema=dict.fromkeys((*place, "outcome"), pl.String))
            yield pl.DataFrame(schema=UNCHANGED) if changes is None else changes.nothing(), empty, {}
            return
        readers = {entity: opened("validate", f"{entity}.accepted") for entity in feed.targets}
        for number in range(max(len(outcomes), 1)):
            some = number < len(outcomes)
            told = outcomes.slice(number) if some else outcomes.nothing()
            own = [name for name in place if name in changes.columns]
            hashes = changes.slice(number, own) if some else changes.nothing(own)
            if "_as_of" not in own:
                hashes = hashes.with_columns(_as_of=pl.lit(None, pl.String))
            told = records.by_id(_beside(hashes, told), "_record_id")
            rows = changes.nothing()
            if some and whole:
                rows = changes.slice(number)
            elif some and (held := told.filter(pl.col("outcome") == "held")).height:
                lines = hashes.with_row_index("_at").join(held, on="_record_id", how="semi")["_at"]
                rows = changes.slice(number, at=lines.sort())
            accepted = {
                entity: _own(reader, number, contracts[entity])
                for entity, reader in readers.items()
                if some and reader is not None and reader.height(number)
            }
            yield rows, told, accepted


def _own(reader: SliceReader, number: int, contract: Contract) -> pl.DataFrame:
    """Accepted rows, in the order in which records get their numbers, without what is known otherwise.

    What identifies a person is different in nearly every row: only facts are worth being read coded.
    """
    named = [name for name in reader.columns if not name.startswith("_")]
    sealed = [name for name in named if name in identifying_schema(contract)]
    facts = reader.coded(number, ["_record_id", *(name for name in named if name not in sealed)])
    rows = facts.hstack(reader.slice(number, sealed)) if sealed else facts
    return records.by_id(rows, "_record_id")


def _beside(hashes: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The outcomes with the hash of each record's last row."""
    ids = hashes["_record_id"]
    if hashes.height == outcomes.height and ids.equals(outcomes["_record_id"]):
        return hashes.hstack(outcomes.drop("_record_id"))
    last = hashes.unique("_record_id", keep="last", maintain_order=True)
    return last.join(outcomes, on="_record_id", maintain_order="left")


def _merge(
    conn: Connection, hub: Hub, night: Night, feed: str, parts: Iterator[Judged], numbering: records.Numbering
) -> dict[str, int]:
    # A feed has one batch a night: of a register that began it empty, none is known.
    own = tables.source_row.c.feed == feed
    known = not numbering.began_empty and conn.execute(_KNOWN.where(own)).first() is not None
    letters = findings.ENTITY in hub.agreements.feed(feed).targets
    counts = Counter(dict.fromkeys(COUNTED, 0))
    for judged in parts:
        gone = judged.deleted.select(record_id="_record_id")
        # A held or echoed row leaves the last accepted version in force: it says nothing of its own yet.
        told = judged.outcomes.filter(pl.col("outcome") == "accepted").select(record_id="_record_id")
        numbers = _source_rows(conn, judged, feed, night.seq, numbering, known=known)
        over = pl.concat([told, gone]).unique() if known else told.clear()
        accepted = _of_accepted(numbers, judged.outcomes)
        for table, versions in (
            (tables.record_version, judged.versions),
            (tables.person_version, judged.persons),
        ):
            frames.close_versions(conn, table, numbers.join(over, on="record_id").select("number"), night.seq)
            frames.load(conn, table, _numbered(versions, numbers, accepted))
        held = _held(conn, hub, judged, night.seq, known=known)
        if letters:
            _letters(conn, hub, night, judged, pl.concat([told, gone]))
        counts.update(dict(judged.outcomes.group_by("outcome").len().iter_rows()))
        counts.update(deleted=gone.height, versions=judged.versions.height, persons=judged.persons.height)
        counts.update(held_again=held.again.height)
    return dict(counts)


def _letters(conn: Connection, hub: Hub, night: Night, judged: Judged, records: pl.DataFrame) -> None:
    office, feed = judged.batch["office"], hub.agreements.feed(judged.batch["feed"])
    versions = _judged_by(conn, night, office)
    stands = findings.places(judged.changes, feed.source.key)
    now = findings.as_rows(judged.letters, stands, feed, versions, hub.keyring)
    findings.replace(conn, records, now, night.seq)


def _judged_by(conn: Connection, night: Night, office: str) -> dict[str, str]:
    """The rules and the law that tonight's letters of an office were judged by."""
    judged = receipts.find(conn, night, "validate", office)
    versions = judged.versions if judged is not None else {}
    return {name: versions[name] for name in ("law", "letter_rules") if name in versions}


def _of_accepted(numbers: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The numbers of the rows accepted, where all are as the outcomes are, in one order: new records."""
    same = numbers["record_id"].equals(outcomes["_record_id"])
    return numbers.filter(outcomes["outcome"] == "accepted") if same else numbers.clear()


def _numbered(versions: pl.DataFrame, numbers: pl.DataFrame, accepted: pl.DataFrame) -> pl.DataFrame:
    """By number, in whose order the tables are: their pages are written once and not all over."""
    if versions["record_id"].equals(accepted["record_id"]):
        return versions.drop("record_id").with_columns(accepted["number"])
    found = versions.join(numbers, on="record_id", how="left").drop("record_id")
    return found.sort("number", maintain_order=True)


def _source_rows(
    conn: Connection, judged: Judged, feed: str, seq: int, numbering: records.Numbering, *, known: bool
) -> pl.DataFrame:
    """`record_id, number` of the rows judged, and of those deleted."""
    rows = judged.outcomes.select(
        feed=pl.lit(feed),
        record_id="_record_id",
        row_hash="_row_hash",
        seq=pl.lit(seq, pl.Int64),
        outcome="outcome",
        deleted_seq=pl.lit(None, pl.Int64),
        as_of="_as_of",
    )
    told = records.note(conn, rows, all_new=not known, numbering=numbering)
    gone = judged.deleted.select(feed=pl.lit(feed), record_id="_record_id", deleted_seq=pl.lit(seq, pl.Int64))
    frames.update(conn, tables.source_row, gone, on=["feed", "record_id"])
    if gone.is_empty():
        return told
    return pl.concat([told, records.numbers(conn, gone["record_id"])]).unique()


def _held(conn: Connection, hub: Hub, judged: Judged, seq: int, *, known: bool) -> HeldRows:
    told = judged.outcomes.select("_record_id", "outcome")
    outcomes = pl.concat(
        [told, judged.deleted.select("_record_id", outcome=pl.lit("deleted"))], how="vertical_relaxed"
    )
    records = (
        outcomes.select(record_id="_record_id") if known else outcomes.select(record_id="_record_id").clear()
    )
    undecided = tables.held_row.c.state.in_(["held", "released"])
    waiting = frames.matching(conn, tables.held_row, records, undecided).drop("sealed_row")
    held = settle(judged.changes, outcomes, judged.broken, waiting, judged.batch, hub.keyring, seq)
    feed = hub.agreements.feed(judged.batch["feed"])
    new = places.hidden(hub.keyring, feed, held.new, tables.held_row.name)
    frames.load(conn, tables.held_row, with_keys(new, judged.changes, feed, hub.keyring))
    for frame in (held.again, held.overtaken):
        frames.update(conn, tables.held_row, frame, on=["held_id"])
    accepted = told.filter(pl.col("outcome") == "accepted")
    mend(conn, judged.changes.join(accepted, on="_record_id", how="semi"), feed, hub.keyring, seq)
    return held
