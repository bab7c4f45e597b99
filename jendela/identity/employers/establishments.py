"""Employer records over the nights: which are one establishment, under an identifier that stays."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring, keyed_hash
from jendela.identity.employers import key_table
from jendela.identity.employers.keys import employer_keys, overused, trusted
from jendela.identity.employers.links import employer_links
from jendela.identity.employers.nearby import current, ended, flipped, neighbourhood
from jendela.identity.employers.partition import partition
from jendela.identity.employers.seats import MAIN_DIVISION
from jendela.identity.stable import assign
from jendela.store import frames, tables
from jendela.store.records import numbered, numbers

NO_DECISIONS = pl.DataFrame(schema=dict.fromkeys(("left_id", "right_id", "verdict"), pl.String))
_node, _employer = tables.employer_node, tables.employer


@dataclass(frozen=True)
class Brought:
    """`keys`: those of records that changed, or have another employer now, `kind, key`; `employers`: those
    that gained, kept or lost a record; and counts for the receipt.
    """

    keys: pl.DataFrame
    employers: pl.Series
    counts: dict[str, int]


def bring_up(conn: Connection, keyring: Keyring, seq: int, fresh: pl.Series, gone: pl.Series) -> Brought:
    """Bring `employer`, `employer_key` and the nodes of employer records up to tonight.

    Args:
        fresh: the employer records that are new or changed.
        gone: those that are no more.
    """
    names = ("employer_records", "employers", "employers_merged", "employers_split", "numbers_tamed")
    changed = pl.concat([fresh, gone]).unique()
    if changed.is_empty():
        nothing = pl.DataFrame(schema={"kind": pl.String, "key": pl.String})
        return Brought(nothing, changed, dict.fromkeys(names, 0))
    first = not key_table.any_records(conn)
    now, was = current(conn, fresh), ended(conn, seq, changed)
    keys, turned, tamed = _rekey(conn, changed, now)
    sharers = key_table.sharing(conn, turned, records=True)["owner_id"].unique()
    also = pl.concat([_mates(conn, changed), sharers]).unique()
    also = also.filter(~also.is_in(changed.implode()))
    standard = now if first else _to_judge(conn, keyring, now, was, also, gone)
    counts = key_table.counts(conn, employer_keys(standard))
    links = employer_links(standard, counts)
    clusters = partition(standard["record_id"], links.edges, NO_DECISIONS, links.numbers)
    employers, moved, merged, split = _named(conn, keyring, seq, trusted(standard, counts), clusters, gone)
    heard = pl.concat([moved, sharers]).unique()
    elsewhere = employer_keys(standard.filter(pl.col("record_id").is_in(heard.implode())))
    return Brought(
        pl.concat([keys, elsewhere.select("kind", "key")]).unique(),
        employers,
        dict(zip(names, (fresh.len(), clusters["cluster"].n_unique(), merged, split, tamed), strict=True)),
    )


def _rekey(conn: Connection, changed: pl.Series, now: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Write tonight's keys. `kind, key` of those that went or came, and of those that weigh differently for
    others now; how many numbers of the latter are nobody's.
    """
    new = employer_keys(now)
    keys = pl.concat([key_table.owned(conn, changed), new.select("kind", "key")]).unique()
    before = key_table.counts(conn, keys)
    key_table.write(conn, changed, new, records=True)
    after = key_table.counts(conn, keys)
    turned = flipped(before, after)
    return keys, turned, turned.join(after.filter(overused()), on=["kind", "key"], how="semi").height


def _mates(conn: Connection, changed: pl.Series) -> pl.Series:
    """The records of the employers that these records had until tonight."""
    had = frames.matching(conn, _node, changed.alias("record_id").to_frame()).select("employer_id")
    own = _node.c.reference_id.is_(None)
    return frames.matching(conn, _node, had.drop_nulls().unique(), own)["record_id"]


def _to_judge(
    conn: Connection,
    keyring: Keyring,
    now: pl.DataFrame,
    was: pl.DataFrame,
    also: pl.Series,
    gone: pl.Series,
) -> pl.DataFrame:
    """The neighbourhood of tonight's changes.

    An identifier that a record could claim may be another's, far away, until tonight: both are named anew.
    """
    while True:
        standard = neighbourhood(conn, now, was, also)
        holders = _holders(conn, keyring, standard)
        holders = holders.filter(~holders.is_in(gone.implode()))
        if holders.is_empty():
            return standard
        also = pl.concat([also, holders]).unique()


def _named(
    conn: Connection,
    keyring: Keyring,
    seq: int,
    standard: pl.DataFrame,
    clusters: pl.DataFrame,
    gone: pl.Series,
) -> tuple[pl.Series, pl.Series, int, int]:
    """Give the clusters their identifiers; the employers concerned, the records that moved, how many merged
    and were split.
    """
    nodes = standard["record_id"]
    known_ids = pl.concat([nodes, gone]).unique().alias("record_id").to_frame()
    previous = frames.matching(conn, _node, known_ids).select("record_id", id="employer_id").drop_nulls("id")
    minted = _minted(keyring, nodes)
    claimed = _claimed(keyring, standard)
    asked = pl.concat([previous["id"], minted["id"], claimed["id"]]).unique()
    known = frames.matching(conn, _employer, asked.alias("employer_id").to_frame())
    known = known.select("seq", "merged_into", "merged_seq", id="employer_id")
    assigned = assign(clusters, previous, minted, known, seq, claimed)
    frames.upsert(conn, _employer, assigned.identities.rename({"id": "employer_id"}))
    named = assigned.nodes.select("record_id", employer_id="id")
    same = named.join(previous.rename({"id": "employer_id"}), on=["record_id", "employer_id"], how="semi")
    changed = named.join(same, on="record_id", how="anti")
    night = pl.lit(seq, pl.Int64).alias("seq")
    members = numbered(conn, changed).with_columns(night, reference_id=pl.lit(None, pl.String))
    frames.upsert(conn, tables.employer_member, members)
    frames.delete(conn, tables.employer_member, numbers(conn, gone).select("number"))
    employers = pl.concat([named["employer_id"], previous["id"]]).unique()
    return employers, changed["record_id"], assigned.merged, assigned.split


def _holders(conn: Connection, keyring: Keyring, standard: pl.DataFrame) -> pl.Series:
    """The records outside of the frame that have an identifier which a record of it could claim."""
    claims = pl.concat([_minted(keyring, standard["record_id"])["id"], _claimed(keyring, standard)["id"]])
    held = frames.matching(
        conn, _node, claims.unique().alias("employer_id").to_frame(), _node.c.reference_id.is_(None)
    )["record_id"]
    return held.filter(~held.is_in(standard["record_id"].implode()))


def _minted(keyring: Keyring, nodes: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"record_id": nodes, "id": keyed_hash(keyring, "employer", nodes)})


def _claimed(keyring: Keyring, standard: pl.DataFrame) -> pl.DataFrame:
    """`record_id, id`: the identifier that mentions of a number minted goes to the record that bears it.

    Where several establishments share the number it is the head office's. A name claims nothing: it may be
    several employers'.
    """
    main = pl.col("division").fill_null(MAIN_DIVISION) == MAIN_DIVISION
    ordered = standard.sort(pl.col("wlkp").is_not_null(), ~main, "record_id")
    found = [
        ordered.drop_nulls(kind)
        .unique(kind, keep="first", maintain_order=True)
        .select("record_id", text=pl.format("{}|{}", pl.lit(kind), kind))
        for kind in ("npp", "wlkp")
    ]
    texts = pl.concat(found)
    return texts.select("record_id", keyed_hash(keyring, "employer", texts["text"]).alias("id"))
