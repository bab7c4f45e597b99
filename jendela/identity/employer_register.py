"""Employers kept over the nights: which records are one establishment, whom employments, letters and claims
mean, and which establishments are one legal entity.

A number that no employer record carries mints an employer of its own, which the record takes over when it
comes. Whom a mention means is null where it cannot be told. Rules: docs/reference/employers.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring
from jendela.identity import records
from jendela.identity.employers import key_table
from jendela.identity.employers.entities import bring_entities_up
from jendela.identity.employers.establishments import bring_up
from jendela.identity.employers.meaning import CONFLICT, UNCLEAR, UNKNOWN
from jendela.identity.employers.nearby import EMPLOYER
from jendela.identity.employers.references import Resolved, forget, resolve_references, worded
from jendela.store import frames, tables
from jendela.store import records as numbered

MENTION_FACTS = tuple(dict.fromkeys((*records.FACTS, "npp_division")))
_node, _reference = tables.employer_node, tables.employer_reference
_member = tables.employer_member


@dataclass(frozen=True)
class Employers:
    """`said`: `record_id`, facts and `employer_id` of tonight's mentions and of those whose employer is
    another one now (`moved`); and counts for the receipt.
    """

    said: pl.DataFrame
    moved: pl.Series
    counts: dict[str, int]


def told(conn: Connection, mentions: pl.Series | pl.DataFrame) -> pl.DataFrame:
    """`record_id` and what these mentions (by id, or as `record_id, number`) say in clear, of their employer
    and otherwise (`MENTION_FACTS`).
    """
    return records.facts(conn, mentions, records.PERSON_ENTITIES, MENTION_FACTS)


def resolve(
    conn: Connection,
    keyring: Keyring,
    seq: int,
    said: pl.DataFrame,
    gone: pl.Series,
    numbers: pl.DataFrame | None = None,
) -> Employers:
    """Bring the tables of employers up to tonight.

    Args:
        said: what the person mentions say that changed tonight, as `told` gives it.
        gone: those that are no more.
        numbers: `record_id, number` of both, where the caller knows them.

    Where other rules made the keys, all employers and all mentions are judged again.
    """
    fresh, ended = (found["record_id"] for found in records.changed(conn, seq, EMPLOYER))
    mentions, every = said["record_id"], said
    if key_table.outdated(conn):
        key_table.start_anew(conn)
        fresh = records.every(conn, EMPLOYER)["record_id"]
        others = records.every(conn, records.PERSON_ENTITIES)["record_id"]
        every = pl.concat([said, told(conn, others.filter(~others.is_in(mentions.implode())))])
    brought = bring_up(conn, keyring, seq, fresh, ended)
    every = every.filter(~pl.col("record_id").is_in(gone.implode()))
    known = every["record_id"]
    wording = worded(keyring, every)
    resolved = resolve_references(conn, keyring, seq, wording.select("reference_id", "facts"), brought.keys)
    written = _write(conn, seq, wording, known, gone, resolved, numbers)
    moved = written.moved
    concerned = pl.concat([brought.employers, resolved.employers, written.left])
    entities = bring_entities_up(conn, keyring, seq, concerned)
    ours = pl.concat([mentions.filter(~mentions.is_in(gone.implode())), moved]).unique()
    others = ours.filter(~ours.is_in(known.implode()))
    parts = [every.filter(pl.col("record_id").is_in(ours.implode()))]
    if len(others):
        parts.append(told(conn, others))
    said = pl.concat(parts)
    said = said.select("record_id", *records.FACTS).sort("record_id")
    named = written.nodes.select("record_id", "employer_id")
    said = said.join(named, on="record_id", how="left", maintain_order="left")
    counted = _counted(written.nodes.join(wording, on="record_id", how="semi"))
    return Employers(said, moved, {**brought.counts, **entities, **counted, "mentions_moved": moved.len()})


@dataclass(frozen=True)
class _Written:
    """`nodes`: `record_id, employer_id, verdict` of the mentions that say anything of an employer, tonight's
    and those whose wording means another one now. `moved`: which mean another one, or none, now. `left`: whom
    wordings meant that nobody uses any longer.
    """

    nodes: pl.DataFrame
    moved: pl.Series
    left: pl.Series


def _write(
    conn: Connection,
    seq: int,
    wording: pl.DataFrame,
    known: pl.Series,
    gone: pl.Series,
    resolved: Resolved,
    numbers: pl.DataFrame | None,
) -> _Written:
    """Write the employers of tonight's mentions and of those whose wording means another one now."""
    turned = frames.matching(conn, _node, resolved.turned.alias("reference_id").to_frame())
    others = turned.join(wording, on="record_id", how="anti").filter(
        ~pl.col("record_id").is_in(gone.implode())
    )
    mine = pl.concat(
        [wording.select("record_id", "reference_id"), others.select("record_id", "reference_id")]
    )
    meaning = frames.matching(conn, _reference, mine.select("reference_id")).select(
        "reference_id", "employer_id", "verdict"
    )
    nodes = mine.join(meaning, on="reference_id", how="left")
    asked = pl.concat([known, gone, others["record_id"]]).unique()
    if numbers is None or not asked.is_in(numbers["record_id"].implode()).all():
        numbers = numbered.numbers(conn, asked)
    stored = numbered.up_to_last(conn, _member.c.number, numbers["number"])
    before = frames.matching(conn, _member, stored.to_frame()).join(numbers, on="number")
    was = before.select("record_id", was="employer_id", worded="reference_id", since="seq")
    nodes = nodes.join(was, on="record_id", how="left")
    other = ~pl.col("employer_id").eq_missing(pl.col("was"))
    nodes = nodes.with_columns(
        moved=other, seq=pl.when(other | pl.col("since").is_null()).then(seq).otherwise("since")
    )
    new = nodes.filter(other | ~pl.col("reference_id").eq_missing(pl.col("worded")))
    members = new.join(numbers, on="record_id").sort("number")
    frames.upsert(conn, _member, members.select("number", "employer_id", "reference_id", "seq"))
    silent = before.join(nodes, on="record_id", how="anti")
    frames.delete(conn, _member, silent.select("number"))
    left = forget(conn, before["reference_id"])
    fell_silent = silent.filter(~pl.col("record_id").is_in(gone.implode())).drop_nulls("employer_id")
    moved = pl.concat([nodes.filter("moved")["record_id"], fell_silent["record_id"]]).sort()
    return _Written(nodes.select("record_id", "employer_id", "verdict"), moved, left)


def _counted(nodes: pl.DataFrame) -> dict[str, int]:
    """How many of tonight's mentions may mean several employers, speak of two, or say too little."""
    said = nodes["verdict"]
    return {f"mentions_{verdict}": int((said == verdict).sum()) for verdict in (UNCLEAR, CONFLICT, UNKNOWN)}
