"""Identifiers of persons: minted by a record, known again without being stored, in the order of records.

New persons then lie side by side in every index over them; keyed hashes alone lie on a page each.

A record that was gone and comes again may find that others are the person it once minted: it does not take
that from them, and mints another. What it mints is always the last of these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from sqlalchemy import Connection, func, select

from jendela.crypto import Keyring, keyed_hash
from jendela.identity.reach import OF_PERSON
from jendela.model.cells import cells
from jendela.store import frames, tables

# Hexadecimal digits of the number, and of the whole identifier; the others are of a keyed hash.
NUMBER, WHOLE = 8, 64
# Numbers begin with zeros: two hexadecimal digits of them, up to sixteen million records.
HASHED = "01"
# Of so many persons one at least was minted as a hash that does not begin as numbers do.
MANY = 5_000
_person, _member = tables.person, tables.person_member


@dataclass(frozen=True)
class _Plain:
    """`ids`: `record_id, id`, what each record mints. `stored`: those of them that may be stored already.
    `older`: the same for identifiers as they were minted once, of the keyed hash alone; None: there are none.
    """

    ids: pl.DataFrame
    stored: pl.Series
    older: pl.DataFrame | None


def _plain(conn: Connection, keyring: Keyring, numbers: pl.DataFrame) -> _Plain:
    """What these records (`record_id, number`) mint who have minted nobody else."""
    hashes = keyed_hash(keyring, "person", numbers["record_id"])
    ids = numbers.select("record_id", id=(_digits(numbers["number"]) + hashes).str.slice(0, WHOLE))
    last = conn.execute(select(func.max(_person.c.person_id))).scalar_one() or ""
    stored = ids["id"].filter(ids["id"] <= last)
    if not _of_hashes(conn, last):
        return _Plain(ids, stored, None)
    older = numbers.select("record_id", id=hashes)
    return _Plain(ids, pl.concat([stored, hashes.alias("id")]), older)


@dataclass(frozen=True)
class Minted:
    """`ids`: `record_id, id`, what each record mints, or has minted, now. `older`: as in `_Plain`, without
    what others are now. `known`: `id` and `OF_PERSON` of those that are stored, and of who was asked for.
    """

    ids: pl.DataFrame
    older: pl.DataFrame | None
    known: pl.DataFrame


def minted(
    conn: Connection, keyring: Keyring, numbers: pl.DataFrame, living: pl.DataFrame, had: pl.DataFrame
) -> Minted:
    """What these records (`record_id, number`) mint.

    Args:
        living: `record_id, id`: which of the records concerned are whom.
        had: `id` and `OF_PERSON` of all persons that these, and those that are gone, are or were.
    """
    plain = _plain(conn, keyring, numbers)
    known = pl.concat([had, _stored(conn, plain.stored.filter(~plain.stored.is_in(had["id"].implode())))])
    last = plain.ids.with_columns(times=pl.lit(0))
    asked = _elsewhere(last, living, known)
    while not asked.is_empty():
        more = _again(keyring, asked)
        known = pl.concat([known, _stored(conn, more["id"].filter(~more["id"].is_in(known["id"].implode())))])
        more = more.join(known, on="id", how="semi")
        last = pl.concat([last.join(more, on="record_id", how="anti"), more])
        asked = _elsewhere(more, living, known)
    others = known.join(had, on="id", how="anti").select("id", person="number")
    held = frames.matching(conn, _member, others.select("person")).join(others, on="person")
    held = pl.concat([held.select("id"), living.select("id")]).unique()
    taken = _elsewhere(last, living, known).join(held, on="id", how="semi")
    ids = pl.concat([last.join(taken, on="record_id", how="anti"), _again(keyring, taken)])
    older = plain.older
    if older is not None:
        # Who has minted another since does not go back to that.
        since = plain.ids.join(known, on="id", how="semi")
        older = older.join(
            _elsewhere(older, living, known).join(held, on="id", how="semi"), on="id", how="anti"
        )
        older = older.join(since, on="record_id", how="anti")
    return Minted(ids.drop("times"), older, known)


def _elsewhere(minted: pl.DataFrame, living: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Those of `minted` whose identifier is stored, and not of the record itself now."""
    return minted.join(known, on="id", how="semi").join(living, on=["record_id", "id"], how="anti")


def _again(keyring: Keyring, minted: pl.DataFrame) -> pl.DataFrame:
    """What each record mints after that: `record_id, id, times`."""
    texts = minted.select(pl.format("{}\x1f{}", "record_id", pl.col("times") + 1)).to_series()
    hashes = keyed_hash(keyring, "person", texts)
    ids = (minted["id"].str.slice(0, NUMBER) + hashes).str.slice(0, WHOLE)
    return minted.select("record_id", ids.alias("id"), pl.col("times") + 1)


def _stored(conn: Connection, ids: pl.Series) -> pl.DataFrame:
    asked = ids.unique().alias("person_id").to_frame()
    return frames.matching(conn, _person, asked).select(*OF_PERSON, id="person_id").select("id", *OF_PERSON)


def _digits(numbers: pl.Series) -> pl.Series:
    """Each number in `NUMBER` hexadecimal digits.

    Raises:
        polars.exceptions.InvalidOperationError: a number is too large for them.
    """
    big = numbers.cast(pl.UInt32).to_numpy().astype(">u4")
    return pl.Series(cells(big.view(np.uint8).reshape(-1, NUMBER // 2))).bin.encode("hex")


def _of_hashes(conn: Connection, last: str) -> bool:
    """Whether identifiers of the keyed hash alone may be stored: surely where there are few."""
    if last >= HASHED:
        return True
    few = select(_person.c.person_id).limit(MANY).subquery()
    return conn.execute(select(func.count()).select_from(few)).scalar_one() < MANY
