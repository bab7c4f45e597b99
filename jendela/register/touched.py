"""What tonight touched: the records whose facts must be made again, and what the register knew of them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, and_, or_, select

from jendela.register import referred
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.records import stated_by_id, versions_by_id
from jendela.store.tables import (
    canonical_version,
    employer_member,
    employer_node,
    identity_node,
    person,
    person_member,
    record_fact,
)

STATED = ("record_id", "entity", "office", "feed", "seq_from", "facts")


@dataclass(frozen=True)
class Touched:
    """The records to consolidate again, by entity, and the links that they and the records now gone had.

    A frame of `records` has `record_id, entity, office, feed, seq_from, person_id, employer_id` and the typed
    fields.
    """

    records: dict[str, pl.DataFrame]
    links: pl.DataFrame


def read_touched(conn: Connection, hub: Hub, seq: int) -> Touched:
    """All records of every person and employer that something of tonight concerns.

    Something is a version that began or ended tonight, or a record that moved to another person or employer:
    then the person it left is concerned too.
    """
    changed = _changed(conn, seq)
    before = frames.matching(conn, record_fact, changed).select("fact_id")
    known = frames.matching(conn, canonical_version, before, canonical_version.c.seq_to.is_(None))
    nodes = frames.matching(conn, identity_node, changed)
    persons = _ids("person_id", nodes, known, referred.of_records(conn, hub, changed))
    firms = _ids("employer_id", _changed_firms(conn, seq), known.filter(pl.col("entity") == "employer"))
    ids = pl.concat(
        [
            changed,
            frames.matching(conn, identity_node, persons).select("record_id"),
            _records_of_firms(conn, firms),
            referred.records_of(conn, hub, persons),
        ]
    ).unique()
    with frames.staged(conn, ids, ["record_id"]) as stage:
        version = stated_by_id.c
        query = (
            select(*(version[name] for name in STATED), person.c.person_id, employer_member.c.employer_id)
            .join(stage, stage.c.record_id == version.record_id)
            # By number, not through the views: SQLite would make these whole for an outer join.
            .outerjoin(person_member, person_member.c.number == version.number)
            .outerjoin(person, person.c.number == person_member.c.person)
            .outerjoin(employer_member, employer_member.c.number == version.number)
            .where(version.seq_to.is_(None))
        )
        rows = frames.read(conn, query)
        links = frames.read(
            conn, select(record_fact).join(stage, stage.c.record_id == record_fact.c.record_id)
        )
    records = {
        str(entity): referred.with_owners(conn, hub, str(entity), part)
        for (entity,), part in rows.group_by("entity")
    }
    return Touched(records, links)


def _changed(conn: Connection, seq: int) -> pl.DataFrame:
    version = versions_by_id.c
    parts = (
        select(version.record_id).where(or_(version.seq_from == seq, version.seq_to == seq)),
        select(identity_node.c.record_id).where(identity_node.c.seq == seq),
        select(employer_node.c.record_id).where(employer_node.c.seq == seq),
    )
    return pl.concat([frames.read(conn, part) for part in parts]).unique()


def _ids(name: str, *found: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([frame.select(name) for frame in found]).drop_nulls().unique()


def _changed_firms(conn: Connection, seq: int) -> pl.DataFrame:
    """The employers of whom a record about themselves changed or moved; one about a worker does not count."""
    version = versions_by_id.c
    tonight = or_(version.seq_from == seq, version.seq_to == seq, employer_node.c.seq == seq)
    query = (
        select(employer_node.c.employer_id)
        .join(versions_by_id, version.record_id == employer_node.c.record_id)
        .where(version.entity == "employer", tonight)
    )
    return frames.read(conn, query)


def _records_of_firms(conn: Connection, firms: pl.DataFrame) -> pl.DataFrame:
    """The records about these employers themselves; those about their workers are found by the worker."""
    version = versions_by_id.c
    with frames.staged(conn, firms, ["employer_id"]) as stage:
        own = and_(employer_member.c.number == version.number, employer_member.c.reference_id.is_(None))
        query = (
            select(version.record_id)
            .join(employer_member, own)
            .join(stage, stage.c.employer_id == employer_member.c.employer_id)
            .where(and_(version.entity == "employer", version.seq_to.is_(None)))
        )
        return frames.read(conn, query)
