"""Held rows that a person released: they are judged again with tonight's rows."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, select

from jendela.crypto.keyring import Keyring
from jendela.crypto.sealing import unseal_many
from jendela.ingest.fingerprints import FIELDS_RULE, FILE_RULE, FORM_RULE, KEY_RULE
from jendela.model.ports import FeedSource
from jendela.privacy import places
from jendela.store import frames, tables
from jendela.store.sealed import HELD_ROW

BROKEN = (FIELDS_RULE, KEY_RULE, FORM_RULE, FILE_RULE)
_ABOUT = rf'"entity":"([^"]+)","field":"([^"]+)","rule":"{FORM_RULE}"'


def form_field(violations: pl.Expr) -> pl.Expr:
    """Entity and field, with a dot, by which a held worker of a letter breaks the form; null of none."""
    return pl.format("{}.{}", violations.str.extract(_ABOUT, 1), violations.str.extract(_ABOUT, 2))


def released_rows(conn: Connection, keyring: Keyring, source: FeedSource) -> pl.DataFrame:
    """The feed's released rows as they were held: source columns, `_record_id`, `_row_hash`, `_row`, `_name`.

    A row whose fields or key could not be told apart, or that does not keep to the form of a letter, is still
    flagged (`_problem`, `_field`): releasing does not repair it.
    """
    held, row = tables.held_row.c, tables.source_row.c
    query = (
        select(
            held.record_id,
            held.source_line,
            held.source_name,
            held.sealed_name,
            held.violations,
            held.sealed_row,
            row.row_hash,
            row.as_of,
        )
        .join(tables.source_row, (row.feed == held.feed) & (row.record_id == held.record_id))
        .where(held.feed == source.feed, held.state == "released")
        .order_by(held.seq.desc(), held.held_id)
    )
    found = frames.read(conn, query)
    schema = pl.Struct(dict.fromkeys(source.columns, pl.String))
    plain = unseal_many(keyring, found["sealed_row"], HELD_ROW).cast(pl.String).str.json_decode(schema)
    broken = pl.coalesce(
        pl.when(pl.col("violations").str.contains(rule, literal=True)).then(pl.lit(rule)) for rule in BROKEN
    )
    return found.select(
        plain.alias("_source"),
        pl.col("source_line").alias("_row"),
        places.opened(keyring, found, tables.held_row.name).alias("_name"),
        broken.alias("_problem"),
        form_field(pl.col("violations")).alias("_field"),
        pl.col("record_id").alias("_record_id"),
        pl.col("row_hash").alias("_row_hash"),
        pl.col("as_of").alias("_as_of"),
    ).unnest("_source")
