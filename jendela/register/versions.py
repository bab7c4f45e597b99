"""Accepted canonical rows as versions of source records: facts in clear, what identifies a person sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from jendela.contracts.facts import encode, facts_schema, identifying_schema, with_notes
from jendela.crypto import Keyring, seal_many

SEALED = "person_version.sealed"


def noted(warnings: pl.DataFrame) -> pl.DataFrame:
    """`_record_id, entity, noted`: the rules that rows break without being held for it or changed by it."""
    lines = warnings.filter(pl.col("outcome") == "note").select("_record_id", "entity", "rule").unique()
    listed = lines.sort("_record_id", "entity", "rule").group_by("_record_id", "entity").agg(noted="rule")
    return listed.with_columns(pl.col("noted").list.join(" "))


def record_versions(
    accepted: Mapping[str, pl.DataFrame],
    batch: Mapping[str, Any],
    agreements: Any,
    seq: int,
    notes: pl.DataFrame,
) -> pl.DataFrame:
    """Rows of `record_version` from one feed's accepted rows by entity, with what was `noted` of them."""
    feed = agreements.feed(batch["feed"])
    parts = []
    for entity, rows in accepted.items():
        contract = agreements.contracts[entity]
        versions = json.dumps({"contract": contract.version, "mapping": feed.version}, sort_keys=True)
        parts.append(
            rows.select(
                record_id="_record_id",
                entity=pl.lit(entity),
                seq_from=pl.lit(seq, pl.Int64),
                feed=pl.lit(batch["feed"]),
                office=pl.lit(batch["office"]),
                batch_id=pl.lit(batch["batch_id"]),
                row_hash="_row_hash",
                facts=encode(facts_schema(contract), rows.columns),
                versions=pl.lit(versions),
            )
        )
    # In the order of the key, its index grows place by place and not all over.
    return _with_notes(pl.concat(parts), notes).sort("record_id", "entity") if parts else pl.DataFrame()


def _with_notes(versions: pl.DataFrame, notes: pl.DataFrame) -> pl.DataFrame:
    """The versions in any order; only the few of which something was noted are touched."""
    if notes.is_empty():
        return versions
    mine = notes.rename({"_record_id": "record_id"})
    told = versions.join(mine, on=["record_id", "entity"])
    told = told.with_columns(facts=with_notes(pl.col("facts"), pl.col("noted"))).select(versions.columns)
    return pl.concat([versions.join(mine, on=["record_id", "entity"], how="anti"), told])


def person_versions(
    accepted: Mapping[str, pl.DataFrame], contracts: Mapping[str, Any], keyring: Keyring, seq: int
) -> pl.DataFrame:
    """Rows of `person_version`: one sealed blob a record, of all its entities' identifying fields."""
    parts, schema = [], {}
    for entity, rows in accepted.items():
        own = identifying_schema(contracts[entity])
        present = [name for name in own if name in rows.columns]
        if present:
            schema.update(own)
            parts.append(rows.select("_record_id", *(pl.col(name).cast(own[name]) for name in present)))
    if not parts:
        return pl.DataFrame()
    merged = pl.concat(parts, how="diagonal")
    if len(parts) > 1:  # one source row that made two entities is one mention of one person
        merged = merged.group_by("_record_id", maintain_order=True).agg(pl.all().drop_nulls().first())
    merged = merged.sort("_record_id", maintain_order=True)
    blobs = merged.select(encode(schema, merged.columns)).to_series()
    return merged.select(
        record_id="_record_id",
        seq_from=pl.lit(seq, pl.Int64),
        sealed=seal_many(keyring, blobs, SEALED),
    )
