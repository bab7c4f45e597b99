"""Accepted canonical rows as versions of source records: facts in clear, what identifies a person sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from jendela.contracts.facts import encode, encode_rows, facts_schema, identifying_schema, with_notes
from jendela.contracts.mapping import Feed
from jendela.contracts.odcs import Contract
from jendela.crypto import Keyring, seal_many
from jendela.store.sealed import PERSON_VERSION

PERSONS = {"record_id": pl.String(), "seq_from": pl.Int64(), "sealed": pl.Binary()}
VERSIONS = {
    "record_id": pl.String(),
    "entity": pl.String(),
    "seq_from": pl.Int64(),
    "batch": pl.Int64(),
    "facts": pl.String(),
}


def judged_by(feed: Feed, contracts: Mapping[str, Contract]) -> str:
    """For table `batch`: by which mapping and contracts a feed's rows are accepted, as JSON of versions."""
    named = {entity: contracts[entity].version for entity in feed.targets}
    return json.dumps({"contracts": named, "mapping": feed.version}, sort_keys=True)


def noted(warnings: pl.DataFrame) -> pl.DataFrame:
    """`_record_id, entity, noted`: the rules that rows break without being held for it or changed by it."""
    lines = warnings.filter(pl.col("outcome") == "note").select("_record_id", "entity", "rule").unique()
    listed = lines.sort("_record_id", "entity", "rule").group_by("_record_id", "entity").agg(noted="rule")
    return listed.with_columns(pl.col("noted").list.join(" "))


def record_versions(
    accepted: Mapping[str, pl.DataFrame],
    feed: Feed,
    batch: int,
    contracts: Mapping[str, Contract],
    seq: int,
    notes: pl.DataFrame,
) -> pl.DataFrame:
    """Rows of `record_version`, with `record_id` for the number, from one feed's accepted rows by entity.

    `notes` are what was `noted` of them.
    """
    parts = [
        rows.select(
            record_id="_record_id",
            entity=pl.lit(entity),
            seq_from=pl.lit(seq, pl.Int64),
            batch=pl.lit(batch, pl.Int64),
            facts=encode_rows(facts_schema(contracts[entity]), rows),
        )
        for entity, rows in accepted.items()
    ]
    return _with_notes(pl.concat(parts), notes) if parts else pl.DataFrame(schema=VERSIONS)


def _with_notes(versions: pl.DataFrame, notes: pl.DataFrame) -> pl.DataFrame:
    """The versions in their order; only the few of which something was noted are touched."""
    some = versions.with_row_index("place").filter(pl.col("record_id").is_in(notes["_record_id"].implode()))
    if some.is_empty():
        return versions
    told = some.join(notes, left_on=["record_id", "entity"], right_on=["_record_id", "entity"])
    facts = told.select(with_notes(pl.col("facts"), pl.col("noted"))).to_series()
    return versions.with_columns(versions["facts"].scatter(told["place"], facts))


def person_versions(
    accepted: Mapping[str, pl.DataFrame],
    feed: Feed,
    contracts: Mapping[str, Contract],
    keyring: Keyring,
    seq: int,
) -> pl.DataFrame:
    """Rows of `person_version`, with `record_id` for the number: one sealed blob a record, of the identifying
    fields of all its entities.
    """
    parts, schema = [], {}
    for entity, rows in accepted.items():
        own = identifying_schema(contracts[entity])
        present = [name for name in _given(feed, entity, rows) if name in own]
        if present:
            schema.update(own)
            parts.append(rows.select("_record_id", *(pl.col(name).cast(own[name]) for name in present)))
    if not parts:
        return pl.DataFrame(schema=PERSONS)
    merged = pl.concat(parts, how="diagonal")
    if len(parts) > 1:  # one source row that made two entities is one mention of one person
        merged = merged.group_by("_record_id", maintain_order=True).agg(pl.all().drop_nulls().first())
    blobs = merged.select(encode(schema, merged.columns)).to_series()
    return merged.select(
        record_id="_record_id",
        seq_from=pl.lit(seq, pl.Int64),
        sealed=seal_many(keyring, blobs, PERSON_VERSION),
    )


def _given(feed: Feed, entity: str, rows: pl.DataFrame) -> list[str]:
    """The columns but those of which the mapping says that the feed has no source: null in every row."""
    absent = feed.targets[entity].absent
    return [name for name in rows.columns if name not in absent or rows[name].null_count() < rows.height]
