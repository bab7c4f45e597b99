"""The merge: what passed every judge tonight becomes part of the register, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from jendela.evidence.commit import commit
from jendela.model.receipt import Night, Receipt
from jendela.register import findings
from jendela.register.held import HeldRows, settle
from jendela.register.mended import mend, with_keys
from jendela.register.versions import person_versions, record_versions
from jendela.store import frames, receipts, tables
from jendela.store.hub import Hub

STEP = "merge"


@dataclass(frozen=True)
class Judged:
    """One feed's batch as its judges left it. `outcomes` has a row for every source row that was judged."""

    batch: dict[str, Any]
    changes: pl.DataFrame
    outcomes: pl.DataFrame
    accepted: dict[str, pl.DataFrame]
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
        for batch in batches:
            counts[batch["feed"]] = _merge(conn, hub, night, _judged(hub, night, batch))
        merged = pl.DataFrame({"batch_id": [batch["batch_id"] for batch in batches]}, {"batch_id": pl.String})
        frames.update(conn, tables.batch, merged.with_columns(state=pl.lit("merged")), on=["batch_id"])
        return commit(
            conn,
            Receipt(night.label, STEP, "", counts, versions={"agreements": hub.agreements.digest}),
        )


def _judged(hub: Hub, night: Night, batch: dict[str, Any]) -> Judged:
    feed = batch["feed"]

    def artefact(step: str, name: str, otherwise: dict[str, Any]) -> pl.DataFrame:
        if hub.artefacts.exists(night, step, name):
            return hub.artefacts.read(night, step, name)
        return pl.DataFrame(schema=otherwise)

    line = {"_record_id": pl.String, "_row_hash": pl.String, "_row": pl.Int64, "_name": pl.String}
    found = {
        entity: artefact("validate", f"{feed}.{entity}.accepted", line)
        for entity in hub.agreements.feed(feed).targets
    }
    return Judged(
        batch=batch,
        changes=artefact("pull", f"{feed}.changes", {**line, "_released": pl.Boolean}),
        outcomes=artefact("validate", f"{feed}.outcomes", {"_record_id": pl.String, "outcome": pl.String}),
        accepted={entity: rows for entity, rows in found.items() if not rows.is_empty()},
        broken=artefact(
            "validate",
            f"{feed}.held",
            dict.fromkeys(("_record_id", "entity", "field", "rule"), pl.String),
        ),
        deleted=artefact("pull", f"{feed}.deleted", {"_record_id": pl.String}),
        letters=artefact("validate", f"{feed}.letters", {"_record_id": pl.String}),
    )


def _merge(conn: Connection, hub: Hub, night: Night, judged: Judged) -> dict[str, int]:
    feed, seq = judged.batch["feed"], night.seq
    gone = judged.deleted.select(record_id="_record_id").unique()
    # A held or echoed row leaves the last accepted version in force: it says nothing of its own yet.
    told = judged.outcomes.filter(pl.col("outcome") == "accepted").select(record_id="_record_id")
    for table in (tables.record_version, tables.person_version):
        frames.close_versions(conn, table, pl.concat([told, gone]).unique(), seq)
    versions = record_versions(judged.accepted, judged.batch, hub.agreements, seq)
    persons = person_versions(judged.accepted, hub.agreements.contracts, hub.keyring, seq)
    frames.load(conn, tables.record_version, versions)
    frames.load(conn, tables.person_version, persons)
    _source_rows(conn, judged, feed, seq)
    held = _held(conn, hub, judged, pl.concat([judged.outcomes.select(record_id="_record_id"), gone]), seq)
    if findings.ENTITY in hub.agreements.feed(feed).targets:
        versions_of = _judged_by(conn, night, judged.batch["office"])
        places = findings.places(judged.changes, hub.agreements.feed(feed).source.key)
        office = judged.batch["office"]
        now = findings.as_rows(judged.letters, places, feed, office, versions_of, hub.keyring)
        findings.replace(conn, pl.concat([told, gone]), now, seq)
    outcomes = dict(judged.outcomes.group_by("outcome").len().iter_rows())
    return {
        **{name: outcomes.get(name, 0) for name in ("accepted", "held", "echo")},
        "deleted": gone.height,
        "versions": versions.height,
        "persons": persons.height,
        "held_again": held.again.height,
    }


def _judged_by(conn: Connection, night: Night, office: str) -> dict[str, str]:
    """The rules and the law that tonight's letters of an office were judged by."""
    judged = receipts.find(conn, night, "validate", office)
    versions = judged.versions if judged is not None else {}
    return {name: versions[name] for name in ("law", "letter_rules") if name in versions}


def _source_rows(conn: Connection, judged: Judged, feed: str, seq: int) -> None:
    changes = judged.changes
    if "_as_of" not in changes.columns:
        changes = changes.with_columns(pl.lit(None, pl.String).alias("_as_of"))
    judged_rows = judged.outcomes.join(
        changes.select("_record_id", "_row_hash", "_as_of").unique("_record_id", keep="last"), on="_record_id"
    )
    frames.upsert(
        conn,
        tables.source_row,
        judged_rows.select(
            feed=pl.lit(feed),
            record_id="_record_id",
            row_hash="_row_hash",
            seq=pl.lit(seq, pl.Int64),
            outcome="outcome",
            deleted_seq=pl.lit(None, pl.Int64),
            as_of="_as_of",
        ),
    )
    gone = judged.deleted.select(feed=pl.lit(feed), record_id="_record_id", deleted_seq=pl.lit(seq, pl.Int64))
    frames.update(conn, tables.source_row, gone, on=["feed", "record_id"])


def _held(conn: Connection, hub: Hub, judged: Judged, records: pl.DataFrame, seq: int) -> HeldRows:
    undecided = tables.held_row.c.state.in_(["held", "released"])
    waiting = frames.matching(conn, tables.held_row, records, undecided).drop("sealed_row")
    outcomes = pl.concat(
        [judged.outcomes, judged.deleted.select("_record_id", outcome=pl.lit("deleted"))],
        how="vertical_relaxed",
    )
    held = settle(judged.changes, outcomes, judged.broken, waiting, judged.batch, hub.keyring, seq)
    feed = hub.agreements.feed(judged.batch["feed"])
    frames.load(conn, tables.held_row, with_keys(held.new, judged.changes, feed, hub.keyring))
    for frame in (held.again, held.overtaken):
        frames.update(conn, tables.held_row, frame, on=["held_id"])
    accepted = judged.outcomes.filter(pl.col("outcome") == "accepted")
    mend(conn, judged.changes.join(accepted, on="_record_id", how="semi"), feed, hub.keyring, seq)
    return held
