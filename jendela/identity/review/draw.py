"""A random audit sample, put through the reviewers' queue: an audited case looks like any other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl
from sqlalchemy import Connection, func, insert, select

from jendela.crypto import hash_one, keyed_hash, seal_many
from jendela.evidence import ledger
from jendela.identity.review.allocation import allocate
from jendela.identity.review.cases import CLOSED, DECIDED, OPEN, case_ids
from jendela.identity.review.groups import groups
from jendela.identity.review.people import named
from jendela.identity.review.population import STRATA, Population, population
from jendela.model.errors import WrongUseError
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.sealed import REVIEW_SAMPLE
from jendela.store.tables import identity_node, night, review_audit, review_case, review_sample

PURPOSE = "audit"
POOL = 5_000  # pairs of each stratum whose groups are looked up; the sample is chosen among them
_PAIR = ["left_id", "right_id"]


@dataclass(frozen=True)
class Drawn:
    """An audit: how many pairs were drawn from each stratum."""

    audit_id: str
    pairs: dict[str, int]


def draw(hub: Hub, size: int, seed: int, who: str, now: datetime) -> Drawn:
    """Draw `size` pairs and queue them; the same register, size and seed give the same pairs.

    From each stratum a random pool, from each tradition in the pool a random part: that the small ones are
    drawn more often than their share is made good by their weights (`quality`).

    Raises:
        WrongUseError: there is nothing to draw from, or this sample was drawn already.
    """
    person, now = named(who), now.astimezone(UTC)
    if size < 1:
        raise WrongUseError("An audit needs a sample of at least one pair: --size N.")
    with hub.reading() as conn:
        seq = conn.execute(select(func.max(night.c.seq))).scalar() or 0
        audit_id = hash_one(hub.keyring, PURPOSE, f"{seq}|{size}|{seed}")
        if conn.execute(select(review_audit.c.seed).where(review_audit.c.audit_id == audit_id)).first():
            raise WrongUseError(f"Audit {audit_id[:12]} was drawn already, with this size, seed and night.")
        everyone = population(conn, hub.keyring, seed)
        if everyone.pairs.is_empty():
            raise WrongUseError("There is nothing to audit: no two records have anything in common yet.")
        pool = groups(conn, hub.keyring, _pool(hub, everyone.pairs, seed))
    available = pool.group_by("stratum", "tradition").len("pairs").sort("stratum", "tradition")
    sample = _chosen(pool, available, size)
    audit = {"audit_id": audit_id, "size": size, "seed": seed, "who": person}
    with hub.begin() as conn:
        ledger.append(conn, "decision", {**audit, "at": now.isoformat()})
        _queue(conn, hub, sample)
        strata = json.dumps(_sizes(everyone, available), sort_keys=True)
        conn.execute(insert(review_audit).values(seq=seq, drawn_at=now, strata=strata, **audit))
        frames.load(conn, review_sample, _rows(hub, audit_id, sample))
    counts = dict(sample.group_by("stratum").len().iter_rows())
    return Drawn(audit_id, {name: counts.get(name, 0) for name in STRATA})


def _pool(hub: Hub, pairs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """At most `POOL` pairs of each stratum, in an order that only the key and the seed know."""
    text = pairs.select(pl.concat_str(pl.lit(str(seed)), *_PAIR, separator="|")).to_series()
    ranked = pairs.with_columns(keyed_hash(hub.keyring, PURPOSE, text).alias("rank")).sort("stratum", "rank")
    return ranked.filter(pl.int_range(pl.len()).over("stratum") < POOL).drop("rank")


def _chosen(pool: pl.DataFrame, available: pl.DataFrame, size: int) -> pl.DataFrame:
    """The first of each cell of the pool, as many as the cell is allotted."""
    shares = allocate(size, {(kind, group): pairs for kind, group, pairs in available.iter_rows()})
    allotted = available.with_columns(
        share=pl.Series([shares[cell] for cell in available.select("stratum", "tradition").iter_rows()])
    )
    placed = pool.with_columns(place=pl.int_range(pl.len()).over("stratum", "tradition"))
    placed = placed.join(allotted, on=["stratum", "tradition"], maintain_order="left")
    return placed.filter(pl.col("place") < pl.col("share")).select(pool.columns)


def _sizes(everyone: Population, available: pl.DataFrame) -> dict[str, Any]:
    """What the weights are made of, as JSON values; counts of many, of nobody in particular."""
    of_pool = {name: available.filter(stratum=name).select("tradition", "pairs") for name in STRATA}
    strata = {
        name: {"pairs": everyone.sizes[name], "pool": dict(cells.iter_rows())}
        for name, cells in of_pool.items()
    }
    looked = {name: getattr(everyone, name) for name in ("records", "looked_at", "left_out")}
    return {"strata": strata, **looked}


def _queue(conn: Connection, hub: Hub, sample: pl.DataFrame) -> None:
    """A case for every pair: a new one, or its own again; a decided one has its label already.

    A new case is as old as the persons of its records are unchanged, so that its age does not tell on it.
    """
    asked = sample.select(case_ids(hub.keyring, sample), *_PAIR)
    known = frames.matching(conn, review_case, asked.select("case_id"), review_case.c.state != DECIDED)
    back = known.select(
        "case_id",
        state=pl.lit(OPEN),
        closing=pl.when(pl.col("state") != CLOSED).then("closing"),
        closed_at=pl.when(pl.col("state") != CLOSED).then("closed_at"),
        kept=pl.lit(value=True),
    )
    frames.update(conn, review_case, back, on=["case_id"])
    ends = pl.concat([asked["left_id"], asked["right_id"]]).unique().alias("record_id").to_frame()
    nodes = _with_nights(conn, ends)
    aged = asked.join(nodes, left_on="left_id", right_on="record_id")
    aged = aged.join(nodes, left_on="right_id", right_on="record_id", suffix="_right")
    fresh = aged.select(
        "case_id",
        *_PAIR,
        since_seq=pl.max_horizontal("seq", "seq_right"),
        state=pl.lit(OPEN),
        round=pl.lit(1, pl.Int64),
        kept=pl.lit(value=True),
    )
    frames.insert_missing(conn, review_case, fresh)


def _with_nights(conn: Connection, records: pl.DataFrame) -> pl.DataFrame:
    """`record_id`, and the last night (`seq`) on which somebody came to the record's person or left it."""
    nodes = frames.matching(conn, identity_node, records).select("record_id", "person_id")
    members = frames.matching(conn, identity_node, nodes.select("person_id").unique())
    nights = members.group_by("person_id").agg(pl.col("seq").max())
    return nodes.join(nights, on="person_id").select("record_id", "seq")


def _rows(hub: Hub, audit_id: str, sample: pl.DataFrame) -> pl.DataFrame:
    told = sample.select(pl.struct("province", "tradition").struct.json_encode()).to_series()
    return sample.select(
        case_ids(hub.keyring, sample),
        audit_id=pl.lit(audit_id),
        stratum="stratum",
        sealed=seal_many(hub.keyring, told, REVIEW_SAMPLE),
    )
