"""Columns that a mapping needs and the source has not: ids of other records, keyed hashes, likeness of names.

They are added to the rows before mapping, so that mapping itself needs no key.
"""

from __future__ import annotations

import duckdb
import polars as pl

from jendela.contracts.mapping import Feed, FieldMapping
from jendela.crypto import Keyring, keyed_hash
from jendela.ingest.fingerprints import UNIT, record_ids

ALIKE = """
    SELECT CASE
        WHEN coalesce("left", '') = '' OR coalesce("right", '') = '' THEN NULL
        WHEN within THEN 100
        ELSE round(100 * jaro_winkler_similarity("left", "right"))
    END::BIGINT AS alike
    FROM told
"""


def column_of(entity: str, field: str) -> str:
    """The added column of a field."""
    return f"_{entity}.{field}"


def with_reached(rows: pl.DataFrame, feed: Feed, keyring: Keyring) -> pl.DataFrame:
    """The rows of a feed with one column for each field made by `refers`, `keyed` or `alike`."""
    added = [
        _reached(rows, made, keyring).alias(column_of(entity, made.name))
        for entity, mapping in feed.targets.items()
        for made in mapping.fields.values()
        if made.key or made.alike
    ]
    return rows.with_columns(added)


def _reached(rows: pl.DataFrame, made: FieldMapping, keyring: Keyring) -> pl.Series:
    if made.alike:
        return likeness(rows[made.alike[0]], rows[made.alike[1]])
    keys = rows.select(pl.col(name).cast(pl.String).str.strip_chars() for name in made.key)
    if made.refers is not None:
        return record_ids(keyring, made.refers, keys)
    whole = pl.all_horizontal(pl.all().str.len_bytes().fill_null(0) > 0)
    text = pl.when(whole).then(pl.concat_str(pl.all(), separator=UNIT))
    return keyed_hash(keyring, str(made.keyed), keys.select(text.alias("value")).to_series())


def likeness(left: pl.Series, right: pl.Series) -> pl.Series:
    """How much two names are one, 0 to 100; null where one is missing.

    The words are compared in order of the alphabet (Jaro-Winkler). A name all of whose words are in the
    other is the same person written shorter: a mononym, a title, a word cut off.
    """
    frame = pl.DataFrame({"left": left.cast(pl.String), "right": right.cast(pl.String)})
    words = frame.select(
        pl.all()
        .str.to_uppercase()
        .str.replace_all(r"[^\p{L}]+", " ")
        .str.strip_chars()
        .str.split(" ")
        .list.unique()
        .list.sort()
    )
    common = pl.col("left").list.set_intersection("right").list.len()
    told = words.select(
        left=pl.col("left").list.join(" "),
        right=pl.col("right").list.join(" "),
        within=common == pl.min_horizontal(pl.col("left").list.len(), pl.col("right").list.len()),
    ).to_arrow()
    with duckdb.connect() as db:
        db.register("told", told)
        found = pl.from_arrow(db.sql(ALIKE).to_arrow_table())
    assert isinstance(found, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
    return found["alike"]
