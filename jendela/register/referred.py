"""Entities that name nobody themselves: whose they are says the record that they refer to (`refersTo`)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from sqlalchemy import Connection, select

from jendela.contracts.facts import decode, facts_schema
from jendela.contracts.odcs import Contract
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.records import versions_by_id
from jendela.store.tables import (
    canonical_version,
    employer_node,
    identity_node,
    record_fact,
)

OWNERS = {"person_id": pl.String, "employer_id": pl.String}


def with_owners(conn: Connection, hub: Hub, entity: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of an entity, `facts` decoded, under the person and employer of what they refer to, if they
    do; the first reference of the contract that leads to somebody counts."""
    contract = hub.agreements.contracts[entity]
    records = decode(rows, "facts", facts_schema(contract))
    if not contract.references:
        return records
    records = records.with_columns(pl.lit(None, pl.String).alias(name) for name in OWNERS)
    for field in contract.references:
        found = _owners(conn, records.select(record_id=field)).rename({"record_id": field})
        records = (
            records.join(found, on=field, how="left", suffix="_found")
            .with_columns(pl.coalesce(name, f"{name}_found").alias(name) for name in OWNERS)
            .drop(f"{name}_found" for name in OWNERS)
        )
    return records


def of_records(conn: Connection, hub: Hub, changed: pl.DataFrame) -> pl.DataFrame:
    """`person_id`: whom the referring ones among the `changed` records (`record_id`) are about."""
    version = versions_by_id.c
    names = [contract.entity for contract in _referring(hub)]
    mine = (version.entity.in_(names), version.seq_to.is_(None))
    rows = frames.matching(conn, versions_by_id, changed, *mine)
    found = [
        with_owners(conn, hub, str(entity), part).select("person_id")
        for (entity,), part in rows.group_by("entity")
    ]
    return pl.concat([pl.DataFrame(schema={"person_id": pl.String}), *found]).drop_nulls().unique()


def records_of(conn: Connection, hub: Hub, persons: pl.DataFrame) -> pl.DataFrame:
    """`record_id`: the referring records of these persons, and those whose person nobody knew yet."""
    current = canonical_version.c
    names = [contract.entity for contract in _referring(hub)]
    ours = (current.entity.in_(names), current.seq_to.is_(None))
    facts = frames.matching(conn, canonical_version, persons, *ours).select("fact_id")
    alone = frames.read(conn, select(current.fact_id).where(*ours, current.person_id.is_(None)))
    return frames.matching(conn, record_fact, pl.concat([facts, alone])).select("record_id")


def _referring(hub: Hub) -> Iterator[Contract]:
    return (contract for contract in hub.agreements.contracts.values() if contract.references)


def _owners(conn: Connection, records: pl.DataFrame) -> pl.DataFrame:
    """`record_id, person_id, employer_id` of those that have a person."""
    wanted = records.drop_nulls().unique()
    persons = frames.matching(conn, identity_node, wanted).select("record_id", "person_id")
    firms = frames.matching(conn, employer_node, wanted).select("record_id", "employer_id")
    return persons.join(firms, on="record_id", how="left")
