"""The consolidation: source records of one employment, letter, report … become one fact with its history.

Both time axes are kept: what was true when is in the facts; what the hub knew when is `seq_from` and
`seq_to`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from jendela.contracts.facts import facts_schema
from jendela.evidence import subtree
from jendela.evidence.commit import commit
from jendela.law import Law, load_law
from jendela.model.receipt import Night, Receipt
from jendela.register.fact_ids import Assigned, assign, fact_ids
from jendela.register.grouping import group
from jendela.register.survivorship import winners
from jendela.register.touched import Touched, read_touched
from jendela.store import frames, receipts
from jendela.store.hub import Hub
from jendela.store.tables import canonical_version, fact, record_fact

STEP = "consolidate"
CONTENT = ("person_id", "employer_id", "facts", "provenance")


@dataclass(frozen=True)
class Consolidated:
    """One entity's facts as they are now: `fact_id, entity` and the content of a canonical version."""

    assigned: Assigned
    versions: pl.DataFrame


def run(hub: Hub, night: Night) -> Receipt:
    """Make the facts again that tonight touched.

    Counts by entity: facts looked at, minted, merged into another, changed, closed.
    """
    law = load_law(hub.settings.agreements)
    with hub.begin() as conn:
        if done := receipts.find(conn, night, STEP, ""):
            return done
        touched = read_touched(conn, hub, night.seq)
        made = {
            entity: _consolidate(conn, hub, law, entity, records, touched, night.seq)
            for entity, records in sorted(touched.records.items())
        }
        counts, changed = _keep(conn, hub, law, touched, made, night.seq)
        root = subtree.root(conn, changed["minted_by"], changed["row"])
        versions = {"agreements": hub.agreements.digest, "law": law.digest}
        return commit(conn, Receipt(night.label, STEP, "", counts, versions=versions, subtree=root))


def _consolidate(
    conn: Connection, hub: Hub, law: Law, entity: str, records: pl.DataFrame, touched: Touched, seq: int
) -> Consolidated:
    groups = group(entity, records, law.readings.facts)
    links = touched.links.filter(pl.col("entity") == entity)
    own = fact_ids(hub.keyring, entity, groups["record_id"]).alias("fact_id").to_frame()
    known = frames.matching(conn, fact, pl.concat([own, links.select("fact_id")]))
    assigned = assign(entity, groups, links, known, hub.keyring, seq)
    linked = records.join(assigned.links.select("record_id", "fact_id"), on="record_id")
    schema = facts_schema(hub.agreements.contracts[entity])
    shown = winners(entity, linked, schema, hub.agreements.survivorship, hub.agreements.offices)
    owners = (
        linked.sort("record_id")
        .group_by("fact_id", maintain_order=True)
        .agg(pl.col("person_id", "employer_id").drop_nulls().first())
    )
    return Consolidated(
        assigned, shown.join(owners, on="fact_id").select("fact_id", pl.lit(entity).alias("entity"), *CONTENT)
    )


def _keep(
    conn: Connection, hub: Hub, law: Law, touched: Touched, made: dict[str, Consolidated], seq: int
) -> tuple[dict[str, dict[str, int]], pl.DataFrame]:
    """Writes links, facts and versions; the counts, and the new versions with `minted_by` and `row`."""
    schema = pl.Schema(dict.fromkeys(("fact_id", "entity", *CONTENT), pl.String()))
    now = pl.concat([pl.DataFrame(schema=schema), *(one.versions.cast(schema) for one in made.values())])
    concerned = pl.concat([touched.links.select("fact_id"), now.select("fact_id")]).unique()
    open_now = frames.matching(conn, canonical_version, concerned, canonical_version.c.seq_to.is_(None))
    gone = open_now.join(now, on="fact_id", how="anti")
    same = open_now.select("fact_id", *CONTENT).join(
        now, on=["fact_id", *CONTENT], how="semi", nulls_equal=True
    )
    changed = now.join(same, on="fact_id", how="anti")

    for one in made.values():
        frames.load(conn, fact, one.assigned.minted)
        frames.update(conn, fact, one.assigned.merged, on=["fact_id"])
        frames.upsert(conn, record_fact, one.assigned.links)
    frames.close_versions(
        conn, canonical_version, pl.concat([gone, changed], how="diagonal").select("fact_id"), seq
    )
    versions = json.dumps(
        {"agreements": hub.agreements.digest[:16], "readings": law.readings.version}, sort_keys=True
    )
    frames.load(
        conn,
        canonical_version,
        changed.with_columns(seq_from=pl.lit(seq, pl.Int64), versions=pl.lit(versions)),
    )
    counts = {
        entity: {
            "facts": one.versions.height,
            "minted": one.assigned.minted.height,
            "merged": one.assigned.merged.filter(pl.col("merged_into").is_not_null()).height,
            "changed": changed.filter(pl.col("entity") == entity).height,
            "closed": gone.filter(pl.col("entity") == entity).height,
        }
        for entity, one in made.items()
    }
    for (entity,), part in gone.group_by("entity"):
        counts.setdefault(str(entity), {})["closed"] = part.height
    minters = frames.matching(conn, fact, changed.select("fact_id")).select("fact_id", "minted_by")
    rows = pl.concat_str(["fact_id", "facts", "provenance"], separator="\x1f").alias("row")
    return counts, changed.join(minters, on="fact_id").sort("fact_id").with_columns(rows)
