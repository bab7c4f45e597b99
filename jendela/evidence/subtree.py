"""The rows of one receipt as a Merkle tree of salted leaves.

Each row is keyed with the secret of its record (HMAC-SHA-256) before it is hashed as an RFC 6962 leaf.
When a person is erased, the secrets of that person's records go: the root stays, and tells nothing any more.
"""

from __future__ import annotations

import os
from hashlib import sha256

import polars as pl
import pyarrow as pa
from sqlalchemy import Connection

from jendela.crypto.memory import query
from jendela.evidence import merkle
from jendela.store import frames, records
from jendela.store.tables import leaf_secret

SECRET_BYTES = 32
FEW = 1_000  # nodes from which on asking the database costs more than the hashing

# HMAC written out: the key, padded to a block of 64 bytes, xor 0x36 inside and 0x5c outside (RFC 2104).
LEAVES_SQL = """
SELECT unhex(sha256('\\x00'::BLOB || unhex(sha256(xor(key, $opad::BLOB::BIT)::BLOB
       || unhex(sha256(xor(key, $ipad::BLOB::BIT)::BLOB || encode(row))))))) AS node
FROM (SELECT (secret || $zeros::BLOB)::BIT AS key, row FROM salted)
"""
NODES_SQL = "SELECT unhex(sha256('\\x01'::BLOB || left_node || right_node)) AS node FROM pairs"


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
    pads = {"ipad": b"\x36" * 64, "opad": b"\x5c" * 64, "zeros": b"\x00" * (64 - SECRET_BYTES)}
    nodes = _nodes(LEAVES_SQL, "salted", salted, pads)
    if nodes.is_empty():
        return sha256().hexdigest()
    while nodes.len() > FEW:
        # Pairing neighbours and lifting an odd last one, level by level, is the tree of RFC 6962.
        odd = nodes.tail(nodes.len() % 2)
        even = nodes.head(nodes.len() - odd.len())
        pairs = pl.DataFrame({"left_node": even.gather_every(2), "right_node": even.gather_every(2, 1)})
        nodes = pl.concat([_nodes(NODES_SQL, "pairs", pairs, {}), odd])
    return merkle.root(nodes.to_list()).hex()


def _nodes(sql: str, name: str, frame: pl.DataFrame, values: dict[str, bytes]) -> pl.Series:
    return query(sql, {name: frame}, values)["node"].cast(pl.Binary)


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
