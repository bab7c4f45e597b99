"""The rows of one receipt as a Merkle tree of salted leaves.

Each row is keyed with the secret of its record (HMAC-SHA-256) before it is hashed as an RFC 6962 leaf.
When a person is erased, the secrets of that person's records go: the root stays, and tells nothing any more.
"""

from __future__ import annotations

import hashlib
import os

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from jendela.crypto.hashes import sha256
from jendela.evidence import merkle
from jendela.model.cells import cells
from jendela.store import frames, records
from jendela.store.tables import leaf_secret

SECRET_BYTES = 32
BLOCK = 64  # bytes of a block of SHA-256, to which a key is padded (RFC 2104)
FEW = 1_000  # nodes up to which hashing them one by one is quicker than laying them out


def root(
    conn: Connection, record_ids: pl.Series, rows: pl.Series, numbers: pl.DataFrame | None = None
) -> str:
    """The hex root over the rows (text), each salted for its record; the same for any order of the rows.

    Secrets that are not there yet are drawn and kept in the caller's transaction.

    Args:
        numbers: `record_id, number` of these records, where the caller knows them.

    Raises:
        ValueError: a row is null, or its record is not known: nobody could erase it.
    """
    given = pl.DataFrame({"record_id": record_ids.cast(pl.String), "row": rows.cast(pl.String)})
    if given.null_count().sum_horizontal().item():
        raise ValueError("A row without text or without a record has no leaf.")
    if numbers is None:
        numbers = records.numbers(conn, given["record_id"].unique())
    salted = given.join(numbers, on="record_id")
    if salted.height < given.height:
        raise ValueError("A row of a record that the hub never accepted has no leaf.")
    salted = salted.join(_secrets(conn, salted.select("number").unique()), on="number")
    return merkle_root(salted.sort("record_id", "row").select("secret", "row"))


def merkle_root(salted: pl.DataFrame) -> str:
    """The hex root over `secret` (32 bytes) and `row` (text), in the order of the frame."""
    if salted.is_empty():
        return hashlib.sha256().hexdigest()
    nodes = _leaves(salted)
    while nodes.len() > FEW:
        # Pairing neighbours and lifting an odd last one, level by level, is the tree of RFC 6962.
        odd = nodes.tail(nodes.len() % 2)
        even = nodes.head(nodes.len() - odd.len())
        pairs = _joined(
            _repeated(merkle.NODE, even.len() // 2), even.gather_every(2), even.gather_every(2, 1)
        )
        nodes = pl.concat([sha256(pairs), odd])
    return merkle.root(nodes.to_list()).hex()


def _leaves(salted: pl.DataFrame) -> pl.Series:
    """HMAC written out for all rows at once, each under a key of its own, and the leaf's own hash over it."""
    keys = np.zeros((salted.height, BLOCK), np.uint8)
    keys[:, :SECRET_BYTES] = np.frombuffer(b"".join(salted["secret"]), np.uint8).reshape(-1, SECRET_BYTES)
    inner = sha256(_joined(pl.Series(cells(keys ^ np.uint8(0x36))), salted["row"].cast(pl.Binary)))
    outer = sha256(_joined(pl.Series(cells(keys ^ np.uint8(0x5C))), inner))
    return sha256(_joined(_repeated(merkle.LEAF, salted.height), outer))


def _joined(*parts: pl.Series) -> pl.Series:
    """Binary values one behind the other, row by row."""
    arrays = [part.rechunk().to_arrow() for part in parts]
    nothing = pl.Series([b""]).to_arrow()[0]  # pa.scalar would import pandas
    return pl.Series(pc.binary_join_element_wise(*arrays, nothing), dtype=pl.Binary)


def _repeated(value: bytes, times: int) -> pl.Series:
    return pl.Series([value], dtype=pl.Binary).new_from_index(0, times)


def _secrets(conn: Connection, numbers: pl.DataFrame) -> pl.DataFrame:
    """`number, secret` of every record; the missing ones are drawn now."""
    known = frames.matching(conn, leaf_secret, numbers)
    missing = numbers.join(known, on="number", how="anti").sort("number")
    if missing.is_empty():
        return known
    drawn = pa.py_buffer(os.urandom(SECRET_BYTES * missing.height))
    secrets = pa.FixedSizeBinaryArray.from_buffers(pa.binary(SECRET_BYTES), missing.height, [None, drawn])
    fresh = missing.with_columns(secret=pl.Series("secret", secrets.cast(pa.large_binary())))
    if frames.insert_missing(conn, leaf_secret, fresh) == fresh.height:
        return pl.concat([known, fresh.select(known.columns)])
    # Another transaction may have drawn some of them first: theirs count.
    return frames.matching(conn, leaf_secret, numbers)
