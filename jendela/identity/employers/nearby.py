"""The records that tonight's changes can make one with others, or not any longer: the frame to judge again.

The neighbourhood is closed: no record outside of it could be linked to one inside, nor compete for one. So
what is judged in it is what would be judged if the whole register were, and the order of nights changes
nothing.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import ColumnElement, Connection, select

from jendela.identity.employers import key_table
from jendela.identity.employers.evidence import COMMON, weighed
from jendela.identity.employers.keys import BLOCKS, employer_keys, finding, overused, trusted
from jendela.identity.employers.links import bearers, meetings
from jendela.identity.employers.standard import RAW, nobody, standard_employers
from jendela.store import frames, tables
from jendela.store.records import versions_by_id

EMPLOYER = ("employer",)
SEATING = ("npp", "wlkp")
FACTS = tuple(name for name in RAW if name != "record_id")
_node, _version = tables.employer_node, versions_by_id


def current(conn: Connection, record_ids: pl.Series) -> pl.DataFrame:
    """The standard frame of these employer records, as they are now."""
    return _standard(conn, record_ids, _version.c.seq_to.is_(None))


def ended(conn: Connection, seq: int, record_ids: pl.Series) -> pl.DataFrame:
    """The standard frame of what these employer records said until tonight."""
    return _standard(conn, record_ids, _version.c.seq_to == seq)


def neighbourhood(conn: Connection, now: pl.DataFrame, was: pl.DataFrame, also: pl.Series) -> pl.DataFrame:
    """The standard frame of all records to judge.

    Args:
        now: what tonight's changed records say.
        was: what they, and those that are gone, said before.
        also: further records, of which it is known that they must be judged.
    """
    known, frontier = now, pl.concat([now, was])
    waiting = also
    while frontier.height or waiting.len():
        read, near = _close_to(conn, frontier, waiting.filter(~waiting.is_in(known["record_id"].implode())))
        found = read.filter(
            pl.col("record_id").is_in(near.implode()),
            ~pl.col("record_id").is_in(known["record_id"].implode()),
        )
        known = pl.concat([known, found])
        waiting = _companions(conn, found["record_id"])
        waiting = waiting.filter(~waiting.is_in(known["record_id"].implode()))
        frontier = found
    return known.sort("record_id")


def flipped(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """`kind, key` of the keys that are evidence now and were not, or the other way, or weigh differently."""
    both = before.join(after, on=["kind", "key"], how="full", coalesce=True, suffix="_after")
    old, new = (
        both.select(
            "kind",
            "key",
            rows=pl.col(f"rows{end}").fill_null(0),
            bearers=pl.col(f"bearers{end}").fill_null(0),
        )
        for end in ("", "_after")
    )
    found, lost = finding(new), finding(old)
    weight = pl.col("bearers").clip(upper_bound=COMMON + 1)
    heavier = old.with_columns(was=weight, bad=overused()).join(
        new.with_columns(weight=weight, worse=overused()), on=["kind", "key"]
    )
    counted = (pl.col("kind") == "core") & (pl.col("was") != pl.col("weight"))
    changed = heavier.filter(counted | (pl.col("bad") != pl.col("worse"))).select("kind", "key")
    # A key that nobody had, or nobody has any longer, concerns nobody else.
    shared = both.filter(pl.col("rows") > 0, pl.col("rows_after") > 0).select("kind", "key")
    keys = pl.concat(
        [
            found.join(lost, on=["kind", "key"], how="anti"),
            lost.join(found, on=["kind", "key"], how="anti"),
            changed,
        ]
    )
    return keys.unique().join(shared, on=["kind", "key"], how="semi")


def _close_to(conn: Connection, frontier: pl.DataFrame, waiting: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
    """The records that share a key with the frontier, and which of them could be one with a record of it."""
    keys = employer_keys(frontier)
    usable = finding(key_table.counts(conn, keys)).filter(pl.col("kind").is_in((*BLOCKS, *SEATING)))
    sharing = key_table.sharing(conn, usable, records=True)
    read = current(conn, pl.concat([sharing["owner_id"], waiting]))
    counts = key_table.counts(conn, pl.concat([keys, employer_keys(read)]))
    ours, theirs = trusted(frontier, counts), trusted(read, counts)
    keys = employer_keys(ours)
    pairs = meetings(keys, employer_keys(theirs), counts)
    alike = weighed(pairs, ours, theirs, bearers(counts))["right_id"]
    sure = keys.filter(pl.col("kind").is_in(SEATING)).join(sharing, on=["kind", "key"], how="semi")
    same = sharing.join(sure, on=["kind", "key"], how="semi")["owner_id"]
    return read, pl.concat([alike, same, waiting]).unique()


def _companions(conn: Connection, record_ids: pl.Series) -> pl.Series:
    """The records of the employers that these records had until tonight."""
    had = frames.matching(conn, _node, record_ids.unique().alias("record_id").to_frame())
    employers = had.select("employer_id").drop_nulls().unique()
    # Mentions of an employer have a reference; only its own records are judged here.
    return frames.matching(conn, _node, employers, _node.c.reference_id.is_(None))["record_id"]


def _standard(conn: Connection, record_ids: pl.Series, when: ColumnElement[bool]) -> pl.DataFrame:
    if record_ids.is_empty():
        return nobody()
    query = select(_version.c.record_id, _version.c.facts).where(_version.c.entity.in_(EMPLOYER), when)
    with frames.staged(conn, record_ids.unique().alias("wanted").to_frame(), ["wanted"]) as stage:
        read = frames.read(conn, query.join(stage, stage.c.wanted == _version.c.record_id))
    said = read["facts"].str.json_decode(pl.Struct(dict.fromkeys(FACTS, pl.String))).struct.unnest()
    return standard_employers(read.select("record_id").hstack(said).sort("record_id"))
