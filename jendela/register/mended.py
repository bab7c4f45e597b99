"""A letter known again when it comes mended under another key: by number, employer and worker, hashed."""

from __future__ import annotations

import polars as pl
from sqlalchemy import ColumnElement, Connection

from jendela.contracts.mapping import Feed
from jendela.crypto import Keyring, keyed_hash
from jendela.privacy.places import hashes
from jendela.register.grouping import letters_and_digits
from jendela.store import frames
from jendela.store.tables import held_row

ENTITY = "termination_letter"
UNREADABLE = '"rule":"F-X'  # F-XML, F-XSD: of such a file not even the letter's number is known
BY = {"letter_by_name": "full_name", "letter_by_nik": "nik"}


def letter_keys(
    rows: pl.DataFrame, feed: Feed, keyring: Keyring, number: str = "letter_number"
) -> pl.DataFrame:
    """`_record_id, letter_by_name, letter_by_nik` of source rows; null where a part is not written.

    Parts are compared as their sender writes them, letters and digits only: what is wrong with a NIK must not
    hide whose letter it is, so the name is a way too, and the NIK for a name that is wrong. With `number` =
    `supersedes_number` the keys are those of the letter that this one corrects.
    """
    nothing = {"_record_id": pl.String(), **dict.fromkeys(BY, pl.String())}
    columns = {name: source for name, source in _columns(feed).items() if source in rows.columns}
    needed = {number, "employer_name"}
    if rows.is_empty() or not needed <= set(columns):
        return pl.DataFrame(schema=nothing)
    shared = [
        pl.lit(feed.office),
        letters_and_digits(pl.col(columns[number])),
        letters_and_digits(pl.col(columns["employer_name"])),
    ]
    made = [rows["_record_id"]]
    for name, worker in BY.items():
        if worker not in columns:
            made.append(pl.Series(name, [None] * rows.height, pl.String()))
            continue
        text = rows.select(
            pl.concat_str(*shared, letters_and_digits(pl.col(columns[worker])), separator="\x1f")
        ).to_series()
        made.append(keyed_hash(keyring, name, text).alias(name))
    return pl.DataFrame(made)


def with_keys(new: pl.DataFrame, changes: pl.DataFrame, feed: Feed, keyring: Keyring) -> pl.DataFrame:
    """New rows of `held_row` with the keys that their letters are known by."""
    if ENTITY not in feed.targets or new.is_empty():
        return new
    held = changes.join(new.select(_record_id="record_id"), on="_record_id", how="semi")
    keys = letter_keys(held, feed, keyring).unique("_record_id", keep="last")
    return new.join(keys, left_on="record_id", right_on="_record_id", how="left")


def mend(conn: Connection, accepted: pl.DataFrame, feed: Feed, keyring: Keyring, seq: int) -> int:
    """How many waiting rows these accepted source rows mend: another key, or a correction that names it.

    A file that could not be read is mended by one of the same name. What is mended is `superseded`, with the
    record that mended it; rows of the same key are settled already.
    """
    if ENTITY not in feed.targets or accepted.is_empty():
        return 0
    again = letter_keys(accepted, feed, keyring)
    naming = letter_keys(accepted, feed, keyring, "supersedes_number")
    # Of two rows that came together neither is the other's correction.
    waits = held_row.c.state.in_(["held", "released"]) & (held_row.c.seq < seq)
    parts = [_same_file(conn, accepted, feed, keyring, waits)] if feed.source.mode == "drop" else []
    for name in BY:
        keys = pl.concat([again, naming]).select(name, mended_by="_record_id").drop_nulls()
        found = frames.matching(conn, held_row, keys.select(name), waits)
        pairs = found.select("held_id", "record_id", name).join(keys, on=name)
        parts.append(pairs.select("held_id", "record_id", "mended_by"))
    pairs = pl.concat(parts).filter(pl.col("record_id") != pl.col("mended_by")).sort("held_id", "mended_by")
    mended = pairs.unique("held_id", keep="first", maintain_order=True).select(
        "held_id", "mended_by", state=pl.lit("superseded"), closed_seq=pl.lit(seq, pl.Int64)
    )
    return frames.update(conn, held_row, mended, on=["held_id"])


def _same_file(
    conn: Connection, accepted: pl.DataFrame, feed: Feed, keyring: Keyring, waits: ColumnElement[bool]
) -> pl.DataFrame:
    unreadable = held_row.c.violations.contains(UNREADABLE)
    names = accepted.select(
        source_name=hashes(keyring, accepted["_name"]), mended_by="_record_id"
    ).drop_nulls()
    whole = held_row.c.source_line.is_(None)  # a worker of a file is known by its own key
    mine = (held_row.c.feed == feed.name, waits, unreadable, whole)
    found = frames.matching(conn, held_row, names.select("source_name"), *mine)
    waiting = found.select("held_id", "record_id", "source_name")
    return waiting.join(names, on="source_name").select("held_id", "record_id", "mended_by")


def _columns(feed: Feed) -> dict[str, str]:
    """The source column of each field of the letter."""
    fields = feed.targets[ENTITY].fields if ENTITY in feed.targets else {}
    return {name: made.source for name, made in fields.items() if made.source is not None}
