"""Nights of employers alone: records and mentions go into the register in bulk, and are resolved."""

from __future__ import annotations

from typing import Any

import polars as pl

from jendela.identity import employer_register, records
from jendela.store import tables
from tests import said

Division = set[frozenset[str]]


def night(
    register: Any, employers: pl.DataFrame, mentions: pl.DataFrame, withdrawn: tuple[str, ...] = ()
) -> dict[str, int]:
    """Merge these rows (`record_id`, fields as text; a known id is a new version) and resolve: the counts."""
    register.seq += 1
    rows = pl.concat([_versions(employers, "employer"), _versions(mentions, "employment")])
    closing = pl.concat([rows["record_id"], pl.Series("record_id", withdrawn, pl.String)]).unique()
    with register.hub.begin() as conn:
        said.end(conn, closing, register.seq)
        said.say(conn, rows.with_columns(seq_from=pl.lit(register.seq), feed=pl.lit("bpjs.test")))
        found = records.changed(conn, register.seq, records.PERSON_ENTITIES)
        changed, gone = (part["record_id"] for part in found)
        heard = employer_register.told(conn, changed)
        found = employer_register.resolve(conn, register.hub.keyring, register.seq, heard, gone)
    return found.counts


def division(register: Any) -> Division:
    """Which records and mentions have one employer; those without one stand alone."""
    nodes = register.table(tables.employer_node)
    alone = pl.coalesce("employer_id", pl.format("alone {}", "record_id"))
    return _sets(nodes.select("record_id", alone))


def entities(register: Any) -> Division:
    """Which employer records are of one legal entity."""
    nodes = register.table(tables.employer_node).filter(pl.col("reference_id").is_null())
    named = nodes.join(register.table(tables.employer).select("employer_id", "entity_id"), on="employer_id")
    return _sets(named.select("record_id", "entity_id"))


def _sets(named: pl.DataFrame) -> Division:
    found: dict[str, set[str]] = {}
    for record, group in named.iter_rows():
        found.setdefault(group, set()).add(record)
    return {frozenset(group) for group in found.values()}


def _versions(rows: pl.DataFrame, entity: str) -> pl.DataFrame:
    facts = rows.drop("record_id", "site", "entity", strict=False)
    return pl.DataFrame(
        {
            "record_id": rows["record_id"],
            "entity": pl.Series([entity] * rows.height, dtype=pl.String),
            "facts": facts.select(pl.struct(pl.all()).struct.json_encode()).to_series(),
        }
    )
