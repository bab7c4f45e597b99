"""Blocking keys in the hub: keyed hashes as whole numbers, by which a night finds whom its records may be.

A key is 60 bits of a keyed hash and four bits that tell its kind; a record is a number. Nothing is opened to
find candidates, and a block too large to use is read only as far as it could be used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from sqlalchemy import Connection, FromClause, Text, cast, func, select, type_coerce

from jendela.crypto import Keyring, keyed_hash, seal_many, unseal_many
from jendela.identity.block.keys import keys
from jendela.identity.block.pairs import Guard
from jendela.identity.key_store import give, is_key
from jendela.identity.standard.frame import RAW, Standard
from jendela.store import frames, tables

PURPOSE = "identity"
SEALED = "identity_record.sealed"
# The kinds that find pairs which no other finds; the code of a kind is its place, and is stored.
KINDS = ("", "nik", "number", "kpj", "phone", "email", "birth", "household", "mother", "year", "region")
_key, _record = tables.identity_key, tables.identity_record


@dataclass(frozen=True)
class Meeting:
    """`pairs`: `kind, left, right`, numbers of which one at least is tonight's, `left < right`, each once
    for a kind; the other may be of no record any longer. `tamed` counts by kind the blocks too large to use.
    """

    pairs: pl.DataFrame
    tamed: dict[str, int]


def stored_keys(keyring: Keyring, standard: Standard) -> pl.DataFrame:
    """`key, row`: the keys of each row as the hub stores them, each once."""
    parts = [
        pl.DataFrame(
            {"kind": np.full(len(rows), KINDS.index(kind), dtype=np.int64), "plain": values, "row": rows}
        )
        for kind, values, rows in keys(standard)
        if kind in KINDS
    ]
    plain = pl.concat(parts).unique()
    text = plain.select(pl.format("{}|{}", "kind", "plain")).to_series()
    # The first 60 bits, less the sign: fifteen hex digits.
    bits = keyed_hash(keyring, PURPOSE, text).str.slice(0, 15).str.to_integer(base=16, dtype=pl.Int64)
    signed = pl.DataFrame({"bits": bits}).select((pl.col("bits") - 2**59) * 16)["bits"]
    return plain.select((pl.lit(signed) + pl.col("kind")).alias("key"), "row").unique().sort("key", "row")


def number(conn: Connection, keyring: Keyring, raw: pl.DataFrame, standard: Standard) -> pl.Series:
    """New numbers for these mentions, in order; what each says is kept, sealed.

    Args:
        raw: the mentions as `records.mentions` gives them; the hub has forgotten what they said before.
        standard: the same in standard form.
    """
    nik = standard.fields["nik"].cast(pl.String)
    numbered = pl.DataFrame(
        {
            "number": give(conn, raw.height),
            "record_id": raw["record_id"],
            "nik": keyed_hash(keyring, f"{PURPOSE}.nik", nik).str.slice(0, 32),
            "sealed": seal_many(keyring, _told(raw), SEALED),
        },
        schema={"number": pl.Int64, "record_id": pl.String, "nik": pl.String, "sealed": pl.Binary},
    )
    frames.load(conn, _record, numbered)
    return numbered["number"]


def _told(raw: pl.DataFrame) -> pl.Series:
    """What each mention says, as JSON; what it does not say is left out."""
    says = [name for name in raw.columns if name in RAW and name != "record_id"]
    if not says or raw.is_empty():
        return pl.repeat("{}", raw.height, dtype=pl.String, eager=True)
    return raw.select(pl.struct(says).struct.json_encode()).to_series()


def stored(conn: Connection, keyring: Keyring, numbers: pl.Series) -> pl.DataFrame:
    """`number`, and the mention as it was told (`record_id` and the columns of `RAW`), by number."""
    found = frames.matching(conn, _record, numbers.unique().alias("number").to_frame()).sort("number")
    text = unseal_many(keyring, found["sealed"], SEALED).cast(pl.String)
    told = text.str.json_decode(pl.Struct(dict.fromkeys(RAW[1:], pl.String)))
    return found.select("number", "record_id").hstack(told.struct.unnest())


def forget(conn: Connection, ids: pl.Series) -> None:
    """Forget what these records said: their numbers are nobody's now, and their keys are met no longer."""
    frames.delete(conn, _record, ids.unique().alias("record_id").to_frame())


def meet(conn: Connection, tonight: pl.DataFrame, guard: Guard) -> Meeting:
    """The pairs that tonight's keys bring together.

    Args:
        tonight: `key, number` of tonight's records; stored already.

    A block is read only as far as it could be used.
    """
    parts, tamed = [], {}
    asked = tonight.with_columns(kind=pl.col("key") % 16)
    for code, kind in enumerate(KINDS):
        mine, limit = asked.filter(pl.col("kind") == code), guard.limit(kind)
        small = pl.col("others").list.len() < limit
        met = _met(conn, mine, limit, _key)
        # Forgotten numbers may fill a block: those that look too large are asked again without them.
        again = mine.join(met.filter(~small), on=["key", "number"], how="semi")
        sure = _met(conn, again, limit, _key.join(_record, _record.c.number == _key.c.number))
        if large := sure.filter(~small)["key"].n_unique():
            tamed[kind] = large
        usable = pl.concat([met.filter(small), sure.filter(small)]).explode("others")
        parts.append(usable.select(pl.lit(code, pl.Int64).alias("kind"), "number", "others"))
    pairs = pl.concat(parts).select(
        "kind",
        pl.min_horizontal("number", "others").alias("left"),
        pl.max_horizontal("number", "others").alias("right"),
    )
    return Meeting(pairs.unique().sort("kind", "left", "right"), dict(sorted(tamed.items())))


def _met(conn: Connection, mine: pl.DataFrame, limit: int, known: FromClause) -> pl.DataFrame:
    """`key, number, others`: of each that has any, up to `limit` other numbers with its key."""
    if mine.is_empty():
        return pl.DataFrame(schema={"key": pl.Int64, "number": pl.Int64, "others": pl.List(pl.Int64)})
    with frames.staged(conn, mine.select("key", "number")) as stage:
        block = select(_key.c.number).select_from(known)
        block = block.where(is_key(stage.c.key), _key.c.number != stage.c.number)
        text = cast(block.correlate(stage).limit(limit).subquery("block").c.number, Text)
        listed = func.group_concat(text) if conn.dialect.name == "sqlite" else func.string_agg(text, ",")
        found = type_coerce(select(listed).scalar_subquery(), Text)
        query = select(stage.c.key, stage.c.number, found.label("others"))
        read = frames.read(conn, query).drop_nulls("others")
    numbers = pl.col("others").str.split(",").list.eval(pl.element().cast(pl.Int64))
    return read.with_columns(others=numbers)


def numbers(conn: Connection, ids: pl.Series) -> pl.DataFrame:
    """`record_id, number` of these records."""
    found = frames.matching(conn, _record, ids.unique().alias("record_id").to_frame())
    return found.select("record_id", "number")
