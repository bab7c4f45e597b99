"""Who a source row is and what it says, as keyed hashes: `_record_id` and `_row_hash`."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from jendela.crypto.hashes import keyed_digest
from jendela.crypto.keyring import Keyring
from jendela.model.ports import FeedSource

UNIT = "\x1f"  # between the parts of a hashed text, as agreed for record ids
NOTHING = "\x00"  # a null, which is not an empty text; no source text holds it
KEY_RULE = "F-KEY"  # a blank part in the key
FIELDS_RULE = "F-FIELDS"  # another number of fields than the header; flagged by the reader of the file
FORM_RULE = "F-XSD"  # a worker of a letter, or all of it, does not keep to the form; flagged by its reader
FILE_RULE = "F-XML"  # a letter that cannot be parsed
FLAGS = ("_problem", "_field", "_fields")
DIGESTS = ("_record_id", "_row_hash")
TEXT = pa.large_string()


def record_ids(keyring: Keyring, feed: str, keys: pl.DataFrame) -> pl.Series:
    """The record id of every row of key columns in their agreed order; null where a part of it is blank."""
    return _record_digests(keyring, feed, keys.rechunk().to_arrow()).bin.encode("hex")


def fingerprinted(keyring: Keyring, source: FeedSource, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `_record_id`, `_row_hash` and `_problem`.

    A row whose key has a blank part breaks F-KEY. It, and any row that a reader flagged, is known by its
    content: the same broken row is the same record every night, and never takes a sound row's place.
    But a worker of a letter who does not keep to the form, and has a key, is the same record when mended.
    """
    found = fingerprints(keyring, source, rows.rechunk().to_arrow())
    return rows.with_columns(found.with_columns(pl.col(DIGESTS).bin.encode("hex")))


def fingerprints(keyring: Keyring, source: FeedSource, rows: pa.Table) -> pl.DataFrame:
    """What `fingerprinted` adds to rows of text: `_record_id, _row_hash` (32 bytes each) and `FLAGS`."""
    flags = _flags(rows)
    version = _text(source.feed, rows, _versioned(source))
    known = flags.with_columns(
        _record_digests(keyring, source.feed, rows.select(list(source.key))).alias("_record_id"),
        keyed_digest(keyring, "row", version).alias("_row_hash"),
    ).with_columns(
        pl.coalesce("_problem", pl.when(pl.col("_record_id").is_null()).then(pl.lit(KEY_RULE))).alias(
            "_problem"
        )
    )
    by_content = (pl.col("_problem") != FORM_RULE) | pl.col("_record_id").is_null()
    broken = known.select(pl.col("_problem").is_not_null() & by_content).to_series()
    if not broken.any():
        return known
    content = _text(NOTHING + source.feed, rows.filter(broken.to_arrow()), [*source.columns, "_fields"])
    ids = keyed_digest(keyring, "record", content)
    return known.with_columns(known["_record_id"].scatter(broken.arg_true(), ids))


def possible_ids(keyring: Keyring, source: FeedSource, rows: pa.Table) -> pl.Series:
    """The record ids that rows of broken fields may have had: of the keys their reader found possible.

    A row with a field too many or too few hides its key; its record must not be taken for deleted.
    """
    if "_keys" not in rows.column_names:
        return pl.Series("_record_id", [], pl.Binary)
    lists = pl.Series(rows["_keys"]).drop_nulls().str.json_decode(pl.List(pl.List(pl.String)))
    keys = lists.explode().drop_nulls()
    frame = keys.to_frame("key").select(
        pl.col("key").list.get(place).alias(name) for place, name in enumerate(source.key)
    )
    return _record_digests(keyring, source.feed, frame.to_arrow()).drop_nulls().unique()


def _record_digests(keyring: Keyring, feed: str, keys: pa.Table) -> pl.Series:
    columns = pl.DataFrame(keys)
    whole = pl.all_horizontal(pl.all().str.strip_chars().str.len_bytes().fill_null(0) > 0)
    text = _text(feed, keys, keys.column_names).set(~columns.select(whole).to_series(), None)
    return keyed_digest(keyring, "record", text.alias("_record_id"))


def _flags(rows: pa.Table) -> pl.DataFrame:
    """The columns `FLAGS` of the rows; null where their reader flags nothing."""
    return pl.DataFrame(
        pl.Series(name, rows[name]).cast(pl.String)
        if name in rows.column_names
        else pl.Series(name, [None], pl.String).new_from_index(0, rows.num_rows)
        for name in FLAGS
    )


def _versioned(source: FeedSource) -> list[str]:
    # Some agencies touch every row's timestamp each night; their mapping says that this is no change.
    ignored = source.options.get("ignore_in_hash", ())
    left_out: Sequence[str] = (source.watermark or "",) if ignored is True else tuple(ignored or ())
    return [*(name for name in source.columns if name not in left_out), "_problem", "_fields"]


def _text(start: str, rows: pa.Table, names: Sequence[str]) -> pl.Series:
    """Columns of every row in one text, a flag that nobody set as nothing. Arrow joins them in a third of the
    time that polars takes.
    """
    given = rows.column_names
    parts = [_whole(rows[name]) if name in given else pa.scalar(NOTHING, TEXT) for name in names]
    joined = pc.binary_join_element_wise(
        pa.scalar(start, TEXT),
        *parts,
        pa.scalar(UNIT, TEXT),
        null_handling="replace",
        null_replacement=NOTHING,
    )
    return pl.Series("_text", joined, pl.String)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pc.cast(column.chunk(0) if column.num_chunks == 1 else column.combine_chunks(), TEXT)
