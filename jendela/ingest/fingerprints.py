"""Who a source row is and what it says, as keyed hashes: `_record_id` and `_row_hash`."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from jendela.crypto.hashes import keyed_hash
from jendela.crypto.keyring import Keyring
from jendela.model.ports import FeedSource

UNIT = "\x1f"  # between the parts of a hashed text, as agreed for record ids
NOTHING = "\x00"  # a null, which is not an empty text; no source text holds it
KEY_RULE = "F-KEY"  # a blank part in the key
FIELDS_RULE = "F-FIELDS"  # another number of fields than the header; flagged by the reader of the file
FORM_RULE = "F-XSD"  # a worker of a letter, or all of it, does not keep to the form; flagged by its reader
FILE_RULE = "F-XML"  # a letter that cannot be parsed


def record_ids(keyring: Keyring, feed: str, keys: pl.DataFrame) -> pl.Series:
    """The record id of every row of key columns in their agreed order; null where a part of it is blank."""
    whole = pl.all_horizontal(pl.all().str.strip_chars().str.len_bytes().fill_null(0) > 0)
    text = _text(feed, keys).set(~keys.select(whole).to_series(), None)
    return keyed_hash(keyring, "record", text.alias("_record_id"))


def fingerprinted(keyring: Keyring, source: FeedSource, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `_record_id`, `_row_hash` and `_problem`.

    A row whose key has a blank part breaks F-KEY. It, and any row that a reader flagged, is known by its
    content: the same broken row is the same record every night, and never takes a sound row's place.
    But a worker of a letter who does not keep to the form, and has a key, is the same record when mended.
    """
    for name in ("_problem", "_field", "_fields"):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, pl.String).alias(name))
    version = _text(source.feed, rows.select(_versioned(source)))
    known = rows.with_columns(
        record_ids(keyring, source.feed, rows.select(source.key)).alias("_record_id"),
        keyed_hash(keyring, "row", version).alias("_row_hash"),
    ).with_columns(
        pl.coalesce("_problem", pl.when(pl.col("_record_id").is_null()).then(pl.lit(KEY_RULE))).alias(
            "_problem"
        )
    )
    by_content = (pl.col("_problem") != FORM_RULE) | pl.col("_record_id").is_null()
    broken = known.select(pl.col("_problem").is_not_null() & by_content).to_series()
    if not broken.any():
        return known
    content = _text(NOTHING + source.feed, rows.filter(broken).select(*source.columns, "_fields"))
    ids = keyed_hash(keyring, "record", content)
    return known.with_columns(known["_record_id"].scatter(broken.arg_true(), ids))


def possible_ids(keyring: Keyring, source: FeedSource, rows: pl.DataFrame) -> pl.Series:
    """The record ids that rows of broken fields may have had: of the keys their reader found possible.

    A row with a field too many or too few hides its key; its record must not be taken for deleted.
    """
    if "_keys" not in rows.columns:
        return pl.Series("_record_id", [], pl.String)
    keys = rows["_keys"].drop_nulls().str.json_decode(pl.List(pl.List(pl.String))).explode().drop_nulls()
    frame = keys.to_frame("key").select(
        pl.col("key").list.get(place).alias(name) for place, name in enumerate(source.key)
    )
    return record_ids(keyring, source.feed, frame).drop_nulls().unique()


def _versioned(source: FeedSource) -> list[str]:
    # Some agencies touch every row's timestamp each night; their mapping says that this is no change.
    ignored = source.options.get("ignore_in_hash", ())
    left_out: Sequence[str] = (source.watermark or "",) if ignored is True else tuple(ignored or ())
    return [*(name for name in source.columns if name not in left_out), "_problem", "_fields"]


def _text(start: str, frame: pl.DataFrame) -> pl.Series:
    """The columns of every row in one text. Arrow joins them in a third of the time that polars takes."""
    parts = [pc.cast(column, pa.large_string()) for column in frame.rechunk().to_arrow().columns]
    joined = pc.binary_join_element_wise(
        pa.scalar(start, pa.large_string()),
        *parts,
        pa.scalar(UNIT, pa.large_string()),
        null_handling="replace",
        null_replacement=NOTHING,
    )
    return pl.Series("_text", joined, pl.String)
