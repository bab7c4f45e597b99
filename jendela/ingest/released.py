"""Held rows that a person released: they are judged again with tonight's rows."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, select

from jendela.crypto.keyring import Keyring
from jendela.crypto.sealing import unseal_many
from jendela.ingest.fingerprints import FIELDS_RULE, KEY_RULE
from jendela.model.ports import FeedSource
from jendela.store import frames, tables

SEALED = "held_row.sealed_row"


def released_rows(conn: Connection, keyring: Keyring, source: FeedSource) -> pl.DataFrame:
    """The feed's released rows as they were held: source columns, `_record_id`, `_row_hash`, `_row`, `_name`.

    A row whose fields or key could not be told apart is still flagged: releasing does not repair it.
    """
    held, row = tables.held_row.c, tables.source_row.c
    query = (
        select(
            held.record_id, held.source_line, held.source_name, held.violations, held.sealed_row, row.row_hash
        )
        .join(tables.source_row, (row.feed == held.feed) & (row.record_id == held.record_id))
        .where(held.feed == source.feed, held.state == "released")
        .order_by(held.seq.desc(), held.held_id)
    )
    found = frames.read(conn, query)
    schema = pl.Struct(dict.fromkeys(source.columns, pl.String))
    plain = unseal_many(keyring, found["sealed_row"], SEALED).cast(pl.String).str.json_decode(schema)
    broken = pl.coalesce(
        pl.when(pl.col("violations").str.contains(rule, literal=True)).then(pl.lit(rule))
        for rule in (FIELDS_RULE, KEY_RULE)
    )
    return found.select(
        plain.alias("_source"),
        pl.col("source_line").alias("_row"),
        pl.col("source_name").alias("_name"),
        broken.alias("_problem"),
        pl.col("record_id").alias("_record_id"),
        pl.col("row_hash").alias("_row_hash"),
    ).unnest("_source")
