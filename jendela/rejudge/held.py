"""Held rows judged again from their source row, as the next night would judge them. Reads only."""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, select

from jendela.contracts.mapping import Feed
from jendela.crypto import unseal_many
from jendela.ingest.canonical import map_rows
from jendela.ingest.reaching import with_reached
from jendela.ingest.released import form_field
from jendela.model.receipt import Night
from jendela.privacy import places
from jendela.store import frames
from jendela.store.hub import Hub
from jendela.store.sealed import HELD_ROW
from jendela.store.tables import held_row, source_row
from jendela.validate.rows import echo_test
from jendela.validate.verdict import judge

# Of the file, not of the row: only another file mends it.
OF_FILE = r'"rule":"(F-[A-Z]+)"'
VIOLATIONS = pl.List(pl.Struct(dict.fromkeys(("entity", "field", "rule"), pl.String())))
HELD: dict[str, pl.DataType] = dict.fromkeys(
    ("held_id", "record_id", "state", "before", "after"), pl.String()
)


def rejudged(hub: Hub, conn: Connection, night: Night, feed: Feed) -> pl.DataFrame:
    """The held rows of a feed: `held_id, record_id, before, after` (JSON lists of {entity, field, rule})
    and `state`: held, other_rules or released."""
    rows = _rows(hub, conn, feed)
    if rows.is_empty():
        return pl.DataFrame(schema=HELD)
    agreements = hub.agreements
    reached = with_reached(rows.drop("held_id", "violations"), feed, hub.keyring)
    mapped = map_rows(reached, feed, agreements.contracts)
    verdict = judge(
        mapped.entities, mapped.problems, agreements.contracts, agreements.codes, night.day,
        echo_test(hub, feed.office),
    )  # fmt: skip
    broken = verdict.held.select("_record_id", "entity", "field", "rule").unique()
    now = (
        broken.sort("entity", "field", "rule")
        .group_by("_record_id")
        .agg(pl.struct("entity", "field", "rule").struct.json_encode().alias("each"))
        .select("_record_id", after=pl.lit("[") + pl.col("each").list.join(",") + pl.lit("]"))
    )
    joined = rows.select("held_id", "_record_id", before="violations").join(now, on="_record_id", how="left")
    state = (
        pl.when(pl.col("after").is_null())
        .then(pl.lit("released"))
        .when(pl.col("after") == pl.col("before"))
        .then(pl.lit("held"))
        .otherwise(pl.lit("other_rules"))
    )
    return joined.with_columns(state=state, record_id="_record_id").select(list(HELD))


def lines(rows: pl.DataFrame, column: str, feed: str) -> pl.DataFrame:
    """The rules in a column of JSON lists: `feed, record_id, field, rule`."""
    each = rows.select("record_id", _each=pl.col(column).str.json_decode(VIOLATIONS)).explode("_each")
    told = each.drop_nulls("_each").unnest("_each")
    return told.select(pl.lit(feed).alias("feed"), "record_id", "field", "rule")


def _rows(hub: Hub, conn: Connection, feed: Feed) -> pl.DataFrame:
    held, row = held_row.c, source_row.c
    query = (
        select(
            held.held_id, held.record_id, held.source_line, held.source_name, held.sealed_name,
            held.violations, held.sealed_row, row.row_hash,
        )
        .join(source_row, (row.feed == held.feed) & (row.record_id == held.record_id))
        .where(held.feed == feed.name, held.state == "held")
        .order_by(held.seq.desc(), held.held_id)
    )  # fmt: skip
    found = frames.read(conn, query).unique("record_id", keep="first", maintain_order=True)
    schema = pl.Struct(dict.fromkeys(feed.source.columns, pl.String()))
    plain = unseal_many(hub.keyring, found["sealed_row"], HELD_ROW).cast(pl.String)
    return found.select(
        "held_id",
        "violations",
        plain.str.json_decode(schema).alias("_source"),
        _row="source_line",
        _name=places.opened(hub.keyring, found, held_row.name),
        _problem=pl.col("violations").str.extract(OF_FILE),
        _field=form_field(pl.col("violations")),
        _record_id="record_id",
        _row_hash="row_hash",
    ).unnest("_source")
