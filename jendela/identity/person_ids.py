"""Identifiers of persons: minted by a record, known again without being stored, in the order of records.

New persons then lie side by side in every index over them; keyed hashes alone lie on a page each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from sqlalchemy import Connection, func, select

from jendela.crypto import Keyring, keyed_hash
from jendela.model.cells import cells
from jendela.store import tables

# Hexadecimal digits of the number, and of the whole identifier; the others are of a keyed hash.
NUMBER, WHOLE = 8, 64
# Numbers begin with zeros: two hexadecimal digits of them, up to sixteen million records.
HASHED = "01"
# Of so many persons one at least was minted as a hash that does not begin as numbers do.
MANY = 5_000
_person = tables.person


@dataclass(frozen=True)
class Minting:
    """`ids`: `record_id, id`, what each record mints. `stored`: those of them that may be stored already.
    `older`: the same for identifiers as they were minted once, of the keyed hash alone; None: there are none.
    """

    ids: pl.DataFrame
    stored: pl.Series
    older: pl.DataFrame | None


def minting(conn: Connection, keyring: Keyring, numbers: pl.DataFrame) -> Minting:
    """The identifiers of these records (`record_id, number`)."""
    hashes = keyed_hash(keyring, "person", numbers["record_id"])
    ids = numbers.select("record_id", id=(_digits(numbers["number"]) + hashes).str.slice(0, WHOLE))
    last = conn.execute(select(func.max(_person.c.person_id))).scalar_one() or ""
    stored = ids["id"].filter(ids["id"] <= last)
    if not _of_hashes(conn, last):
        return Minting(ids, stored, None)
    older = numbers.select("record_id", id=hashes)
    return Minting(ids, pl.concat([stored, hashes.alias("id")]), older)


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
