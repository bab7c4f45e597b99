"""What the rules say of letters that the register holds: table `letter_finding`, its facts sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import polars as pl
from sqlalchemy import Connection

from jendela.contracts.mapping import Feed
from jendela.crypto import Keyring, seal_many
from jendela.privacy.places import hidden as hide
from jendela.store import frames
from jendela.store.sealed import LETTER_FINDING
from jendela.store.tables import letter_finding

ENTITY = "termination_letter"
COLUMNS = (
    "record_id",
    "feed",
    "office",
    "source_line",
    "source_name",
    "sealed_name",
    "violations",
    "sealed",
    "versions",
)
# A message states dates and the minimum of the law, from which a wage could be worked out: it is sealed.
CLEAR = ("entity", "field", "rule", "severity")
TOLD = ("message_id", "message_en", "article")


def as_rows(
    found: pl.DataFrame,
    places: pl.DataFrame,
    feed: Feed,
    versions: Mapping[str, str],
    keyring: Keyring,
) -> pl.DataFrame:
    """Rows of `letter_finding` without their nights: one for each record of which something is said.

    `found` has `_record_id, rule, severity, field, message_id, message_en, article`; `places` says where
    each record stands at its office: `_record_id, _row, _name, key` (the office's own key, sealed).
    """
    schema = {name: dtype for name, dtype in frames.schema(letter_finding).items() if name in COLUMNS}
    if found.is_empty():
        return pl.DataFrame(schema=schema)
    lines = found.with_columns(entity=pl.lit(ENTITY)).select(
        "_record_id", _json(CLEAR).alias("clear"), _json(TOLD).alias("told")
    )
    one = lines.group_by("_record_id", maintain_order=True).agg("clear", "told")
    listed = (
        one.with_columns(
            (pl.lit("[") + pl.col(name).list.join(",") + pl.lit("]")).alias(name)
            for name in ("clear", "told")
        )
        .join(places.unique("_record_id", keep="last"), on="_record_id", how="left", maintain_order="left")
        .with_columns(key=pl.struct("key").struct.json_encode())
        # {"key":…,"told":[…]}
        .with_columns(told=pl.col("key").str.head(-1) + pl.lit(',"told":') + pl.col("told") + pl.lit("}"))
    )
    rows = listed.select(
        record_id="_record_id",
        feed=pl.lit(feed.name),
        office=pl.lit(feed.office),
        source_line=pl.col("_row").cast(pl.Int64),
        source_name="_name",
        violations="clear",
        sealed=seal_many(keyring, listed["told"], LETTER_FINDING),
        versions=pl.lit(json.dumps(dict(sorted(versions.items())))),
    )
    return hide(keyring, feed, rows, letter_finding.name)


def places(changes: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Where source rows stand: `_record_id, _row, _name, key`, the office's key as `column = value`."""
    parts = [pl.lit(f"{name} = ") + pl.col(name).str.strip_chars() for name in key if name in changes.columns]
    told = pl.concat_str(parts, separator=", ", ignore_nulls=True) if parts else pl.lit(None, pl.String)
    return changes.select("_record_id", "_row", "_name", key=told)


def replace(conn: Connection, judged: pl.DataFrame, now: pl.DataFrame, seq: int) -> None:
    """The findings of the `judged` records (`record_id`) are those of `now` from this night on."""
    frames.close_versions(conn, letter_finding, judged.select("record_id").unique(), seq)
    if not now.is_empty():
        reopened = now.with_columns(seq_from=pl.lit(seq, pl.Int64), seq_to=pl.lit(None, pl.Int64))
        frames.upsert(conn, letter_finding, reopened)


def _json(names: tuple[str, ...]) -> pl.Expr:
    return pl.struct(*names).struct.json_encode()
