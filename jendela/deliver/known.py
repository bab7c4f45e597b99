"""What the register knows tonight, as far as deliveries need it: no identifying field, all values as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from sqlalchemy import Connection, func, select

from jendela.law import Law
from jendela.model.receipt import Night
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.records import stated_by_id
from jendela.store.tables import batch, canonical_version, obligation, record_fact

COPIES = ("employment", "termination_letter", "termination_case", "pes_registration", "claim")


@dataclass(frozen=True)
class Known:
    """The register as tonight's deliveries read it.

    `copies` has, by entity, what each source record says now: `fact_id, person_id, employer_id, record_id,
    office, version_seq` (the night it was last changed) and the clear fields. `employers` are the
    consolidated ones. `references` has the fields of each entity without a person that say whose it is.
    `obligations`: `fact_id, state, opened_day, due_date`. `offices` are the labour
    offices with a region: `office, region, heard_seq` (the last night whose letters came; null: never).
    """

    day: date
    law: Law
    copies: Mapping[str, pl.DataFrame]
    references: Mapping[str, tuple[str, ...]]
    employers: pl.DataFrame
    obligations: pl.DataFrame
    offices: pl.DataFrame

    def held_by(self, entity: str, office: str) -> pl.DataFrame:
        """The copies of `entity` that this office holds."""
        return self.copies[entity].filter(pl.col("office") == office)

    def held_by_others(self, entity: str, office: str) -> pl.DataFrame:
        """The copies of `entity` that somebody else holds."""
        return self.copies[entity].filter(pl.col("office") != office)


def read_known(hub: Hub, night: Night, law: Law, conn: Connection, also: Collection[str] = ()) -> Known:
    """The register after tonight's consolidation and reconciliation; of the contracts named in `also` too."""
    entities = [*COPIES, *(name for name in sorted(also) if name not in COPIES)]
    return Known(
        day=night.day,
        law=law,
        copies={entity: _copies(hub, conn, entity) for entity in entities},
        references={
            name: contract.references
            for name, contract in hub.agreements.contracts.items()
            if contract.references
        },
        employers=_employers(hub, conn),
        obligations=frames.read(
            conn,
            select(
                obligation.c.fact_id, obligation.c.state, obligation.c.opened_day, obligation.c.due_date
            ).order_by(obligation.c.opened_seq),
        ).unique("fact_id", keep="last", maintain_order=True),
        offices=_offices(hub, conn),
    )


def clear_fields(hub: Hub, entity: str) -> list[str]:
    """The fields of an entity that identify nobody, in the contract's order."""
    return [field.name for field in hub.agreements.contracts[entity].fields if not field.identifying]


def _copies(hub: Hub, conn: Connection, entity: str) -> pl.DataFrame:
    current, made = canonical_version.c, stated_by_id.c
    query = (
        select(
            current.fact_id,
            current.person_id,
            current.employer_id,
            made.record_id,
            made.office,
            made.seq_from.label("version_seq"),
            made.facts,
        )
        .join(
            record_fact,
            (record_fact.c.record_id == made.record_id) & (record_fact.c.entity == made.entity),
        )
        .join(canonical_version, current.fact_id == record_fact.c.fact_id)
        .where(made.entity == entity, made.seq_to.is_(None), current.seq_to.is_(None))
    )
    return _decoded(frames.read(conn, query), clear_fields(hub, entity)).sort("fact_id", "record_id")


def _employers(hub: Hub, conn: Connection) -> pl.DataFrame:
    current = canonical_version.c
    query = select(current.employer_id, current.facts).where(
        current.entity == "employer", current.seq_to.is_(None), current.employer_id.is_not(None)
    )
    employers = _decoded(frames.read(conn, query), clear_fields(hub, "employer"))
    return employers.sort("employer_id").unique("employer_id", keep="first", maintain_order=True)


def _offices(hub: Hub, conn: Connection) -> pl.DataFrame:
    # An office that agreed and that this hub does not serve is not connected: it is not silent.
    served = [hub.agreements.offices[name] for name in hub.settings.offices]
    offices = [office for office in served if office.region]
    feeds = [
        (office.id, office.region, name)
        for office in offices
        for name, feed in office.feeds.items()
        if "termination_letter" in feed.targets
    ]
    schema = {"office": pl.String, "region": pl.String, "feed": pl.String}
    # Heard is what was merged: a feed that was halted has not spoken.
    merged = select(batch.c.feed, func.max(batch.c.seq).label("last_seq")).where(batch.c.state == "merged")
    heard = frames.read(conn, merged.group_by(batch.c.feed), {"last_seq": pl.Int64()})
    return (
        pl.DataFrame(feeds, schema=schema, orient="row")
        .join(heard, on="feed", how="left")
        .group_by("office", "region")
        # An office that sends letters in several feeds has been heard when all of them have come.
        .agg(heard_seq=pl.when(pl.col("last_seq").is_not_null().all()).then(pl.col("last_seq").min()))
        .sort("office")
    )


def _decoded(frame: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    own = [name for name in fields if name not in frame.columns]
    values = pl.col("facts").str.json_decode(pl.Struct(dict.fromkeys(own, pl.String)))
    return frame.with_columns(values.struct.unnest()).drop("facts")
