"""Reading the register for tonight's rules, in bulk."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, and_, func, or_, select

from jendela.contracts.facts import NOTED, decode, facts_schema
from jendela.law import Law
from jendela.letters.rules import Rules
from jendela.model.receipt import Night
from jendela.reconcile.known import RECORD, Known
from jendela.reconcile.niks import opened, slips
from jendela.store import frames, receipts
from jendela.store.doubts import decided_persons, doubted_persons
from jendela.store.hub import Hub
from jendela.store.records import stated_by_id
from jendela.store.tables import (
    batch,
    canonical_version,
    employer_node,
    identity_edge,
    identity_node,
    identity_record,
    record_fact,
    source_row,
)
from jendela.store.tables import (
    night as nights,
)

NAMING = (
    "employer",
    "employment",
    "termination_letter",
    "termination_case",
    "pes_registration",
    "claim",
    "dispute",
)
# Under the person and employer of their fact: the record that they refer to says whose they are.
REFERRING = (
    "contribution",
    "benefit_payment",
    "pes_activity",
    "referral",
    "training_attendance",
    "disqualification_notice",
    "settlement_agreement",
)
ENTITIES = (*NAMING, *REFERRING)
OTHER_NIK = r'"nik_(?:different|region|same_day)"'
HEARD = {"office": pl.String, "entity": pl.String}


def read_known(conn: Connection, hub: Hub, night: Night, law: Law, rules: Rules) -> Known:
    """The register as it is after tonight's consolidation."""
    records = _records(conn, hub)
    niks = opened(conn, hub.keyring, records)
    shared = _shared(conn)
    return Known(
        day=night.day,
        law=law,
        rules=rules,
        records=records,
        offices=_offices(hub),
        heard=_heard(conn, hub, night),
        review=_review(conn),
        shared_nik=_with_nik(conn, shared.filter(pl.col("reasons").str.contains("shared_nik", literal=True))),
        shared_kpj=shared.filter(pl.col("reasons").str.contains("kpj_same", literal=True)).select(
            "left_id", "right_id"
        ),
        niks=niks.drop("number"),
        slips=slips(niks),
    )


def _records(conn: Connection, hub: Hub) -> dict[str, pl.DataFrame]:
    version = stated_by_id.c
    seen = select(version.record_id, version.entity, func.min(version.seq_from).label("first_seq"))
    first = frames.read(conn, seen.group_by(version.record_id, version.entity))
    days = frames.read(conn, select(nights.c.seq, nights.c.day)).rename({"day": "as_of"})
    nodes = frames.read(conn, select(identity_node.c.record_id, identity_node.c.person_id))
    firms = frames.read(conn, select(employer_node.c.record_id, employer_node.c.employer_id))
    records = {}
    for entity in ENTITIES:
        query = (
            select(
                version.record_id,
                version.office,
                version.feed,
                version.seq_from,
                record_fact.c.fact_id,
                version.facts,
            )
            .join(
                record_fact,
                and_(record_fact.c.record_id == version.record_id, record_fact.c.entity == version.entity),
            )
            .where(version.entity == entity, version.seq_to.is_(None))
        )
        rows = frames.read(conn, query).join(days, left_on="seq_from", right_on="seq", how="left")
        rows = rows.join(first.filter(pl.col("entity") == entity).drop("entity"), on="record_id")
        if entity in REFERRING:
            rows = rows.join(_owners(conn, entity), on="fact_id", how="left")
        else:
            rows = rows.join(nodes, on="record_id", how="left").join(firms, on="record_id", how="left")
        schema = {NOTED: pl.String(), **facts_schema(hub.agreements.contracts[entity])}
        told = decode(rows.select(*(name for name in RECORD if name != "noted"), "facts"), "facts", schema)
        records[entity] = told.with_columns(noted=pl.col(NOTED).str.split(" ")).drop(NOTED)
    return records


def _owners(conn: Connection, entity: str) -> pl.DataFrame:
    """`fact_id, person_id, employer_id` of the facts of an entity as they are now."""
    current = canonical_version.c
    query = select(current.fact_id, current.person_id, current.employer_id)
    return frames.read(conn, query.where(current.entity == entity, current.seq_to.is_(None)))


def _offices(hub: Hub) -> pl.DataFrame:
    """The configured offices, with their region and the entities they have feeds of."""
    known = [(name, hub.agreements.offices[name]) for name in hub.settings.offices]
    rows = [
        (name, office.region, sorted({entity for feed in office.feeds.values() for entity in feed.targets}))
        for name, office in known
    ]
    schema = {"office": pl.String(), "region": pl.String(), "entities": pl.List(pl.String())}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _heard(conn: Connection, hub: Hub, night: Night) -> pl.DataFrame:
    """Who delivered all feeds of an entity tonight: pulled, and merged into the register.

    In a supplement the offices that the night heard are still heard; one that was caught up is heard now.
    What was halted is not heard, whatever a person decided of it since: it is not in the register.
    """
    latest = {receipt.scope: (seq, receipt) for seq, receipt in receipts.of_day(conn, night, "pull")}
    aside = select(batch.c.office, batch.c.seq, batch.c.feed).where(batch.c.state != "merged")
    silent = {
        feed
        for office, seq, feed in conn.execute(aside.where(batch.c.seq >= night.day_seq))
        if office in latest and latest[office][0] == seq
    }
    pulled = [receipt for _, receipt in latest.values()]
    silent |= {missing.feed for receipt in pulled for missing in receipt.missing}
    rows = []
    for receipt in pulled:
        feeds = hub.agreements.offices[receipt.scope].feeds.values()
        quiet = {entity for feed in feeds if feed.name in silent for entity in feed.targets}
        told = {entity for feed in feeds for entity in feed.targets} - quiet
        rows += [(receipt.scope, entity) for entity in sorted(told)]
    return pl.DataFrame(rows, schema=HEARD, orient="row")


def _review(conn: Connection) -> pl.DataFrame:
    """Pairs of persons in doubt, both ways; those on whom people decided are in doubt no more."""
    doubted = _both_ways(frames.read(conn, doubted_persons()))
    settled = _both_ways(frames.read(conn, decided_persons()))
    return doubted.join(settled, on=["person_id", "other_id"], how="anti")


def _both_ways(pairs: pl.DataFrame) -> pl.DataFrame:
    one_way = pairs.select(person_id="one", other_id="other")
    return pl.concat([one_way, pairs.select(person_id="other", other_id="one")]).unique()


def _shared(conn: Connection) -> pl.DataFrame:
    """`left_id, right_id, reasons` of pairs of records that are of two people and share a number.

    A participant number is strong evidence: who shares one mostly waits for a reviewer. Where neither the
    names nor the NIKs agree they are two people even so; if the reviewer says otherwise nothing is found.
    """
    edge = identity_edge.c
    apart = and_(
        edge.zone == "apart", or_(edge.reasons.contains("shared_nik"), edge.reasons.contains("kpj_same"))
    )
    doubted = and_(
        edge.zone == "review", edge.reasons.contains("kpj_same"), edge.reasons.contains("name_different")
    )
    found = frames.read(
        conn, select(edge.left_id, edge.right_id, edge.reasons, edge.zone).where(or_(apart, doubted))
    )
    return found.filter((pl.col("zone") == "apart") | pl.col("reasons").str.contains(OTHER_NIK)).drop("zone")


def _with_nik(conn: Connection, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with the stored hash of the NIK that they share."""
    holders = pairs.select(record_id="left_id")
    with frames.asked(conn, holders.unique()) as asked:
        said = identity_record.c
        query = select(said.record_id, said.nik.label("reference"))
        query = query.join(source_row, source_row.c.number == said.record)
        hashes = frames.read(conn, query.join(asked, asked.c.record_id == source_row.c.record_id))
    return pairs.drop("reasons").join(hashes, left_on="left_id", right_on="record_id", how="left")
