"""Tonight's candidate pairs: changed mentions against each other and the register, by keyed hashes."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, and_, func, select

from jendela.crypto import Keyring, keyed_hash
from jendela.identity.blocking import Candidates, candidates
from jendela.identity.keys import LOOKUP, blocking_keys
from jendela.store import frames, tables

PURPOSE = "identity"
# 128 bits tell any two keys apart; the register holds some eight for every mention.
KEY_LENGTH = 32

_table = tables.identity_key


def hashed_keys(keyring: Keyring, standard: pl.DataFrame) -> pl.DataFrame:
    """`kind, key, record_id` with the key as the hub stores it: the hash of `kind|key`, shortened."""
    keys = blocking_keys(standard)
    plain = keys.select(pl.concat_str("kind", "key", separator="|")).to_series()
    return keys.with_columns(keyed_hash(keyring, PURPOSE, plain).str.slice(0, KEY_LENGTH).alias("key"))


def forget_keys(conn: Connection, records: pl.Series) -> None:
    """Delete the stored keys of these records."""
    frames.delete(conn, _table, records.unique().alias("record_id").to_frame())


def tonight(conn: Connection, keys: pl.DataFrame, touched: pl.Series, largest_block: int) -> Candidates:
    """Pairs with at least one touched mention; the others are found by their stored keys, none opened.

    Args:
        keys: the touched mentions' keys, as `hashed_keys` gives them; none of theirs is stored.
    """
    asked = keys.filter(~pl.col("kind").is_in(LOOKUP)).select("kind", "key").unique()
    with frames.staged(conn, asked, asked.columns) as stage:
        same = and_(_table.c.kind == stage.c.kind, _table.c.key == stage.c.key)
        sizes = (
            select(stage.c.kind, stage.c.key, func.count().label("size"))
            .join(_table, same)
            .group_by(stage.c.kind, stage.c.key)
        )
        sized = frames.read(conn, sizes)
    usable = sized.filter(pl.col("size") <= largest_block).select("kind", "key")
    stored = frames.matching(conn, _table, usable).select("kind", "key", "record_id")
    # A block too large in the store is named even though its members are not read.
    oversized = sized.filter(pl.col("size") > largest_block)
    found = candidates(
        pl.concat([keys.join(oversized, on=["kind", "key"], how="anti"), stored]), touched, largest_block
    )
    tamed = dict(found.tamed)
    for kind, blocks in oversized.group_by("kind").len().iter_rows():
        tamed[kind] = tamed.get(kind, 0) + blocks
    return Candidates(found.pairs, tamed)
