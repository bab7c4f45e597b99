"""Blocking keys in the hub: keyed hashes as whole numbers, by which a night finds whom its records may be.

A key is 60 bits of a keyed hash and four bits that tell its kind; a record is a number. Nothing is opened to
find candidates, and a block too large to use is never read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from sqlalchemy import BigInteger, Connection, TextualSelect, func, select, text

from jendela.crypto import Keyring, keyed_hash, seal_many, unseal_many
from jendela.identity.block.keys import keys
from jendela.identity.block.pairs import Guard
from jendela.identity.standard.frame import RAW, Standard
from jendela.store import frames, tables

PURPOSE = "identity"
SEALED = "identity_record.sealed"
# The kinds that find pairs which no other finds; the code of a kind is its place, and is stored.
KINDS = ("", "nik", "number", "kpj", "phone", "email", "birth", "household", "mother", "year", "region")
_key, _record = tables.identity_key, tables.identity_record


@dataclass(frozen=True)
class Meeting:
    """`pairs`: `kind, left, right`, numbers of records of which one at least is tonight's, `left < right`, a
    pair once for each kind; `tamed` counts by kind the blocks too large to use.
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
    """The numbers of these mentions, in order; new ones are given, and what each says is kept, sealed.

    Args:
        raw: the mentions as `records.mentions` gives them.
        standard: the same in standard form.
    """
    nik = standard.fields["nik"].cast(pl.String)
    wanted = pl.DataFrame(
        {
            "record_id": raw["record_id"],
            "nik": keyed_hash(keyring, f"{PURPOSE}.nik", nik).str.slice(0, 32),
            "sealed": seal_many(keyring, _told(raw), SEALED),
        },
        schema={"record_id": pl.String, "nik": pl.String, "sealed": pl.Binary},
    )
    known = frames.matching(conn, _record, wanted.select("record_id")).select("record_id", "number")
    placed = wanted.join(known, on="record_id", how="left", maintain_order="left")
    last = conn.execute(select(func.coalesce(func.max(_record.c.number), 0))).scalar_one()
    fresh = pl.col("number").is_null()
    placed = placed.with_columns(
        pl.when(fresh).then(last + fresh.cum_sum().cast(pl.Int64)).otherwise("number").alias("number")
    )
    frames.upsert(conn, _record, placed)
    return placed["number"]


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


def forget(conn: Connection, ids: pl.Series, *, entirely: pl.Series) -> None:
    """Delete the keys of `ids`; those `entirely` gone lose their number too."""
    both = pl.concat([ids, entirely]).unique().alias("record_id").to_frame()
    known = frames.matching(conn, _record, both)
    frames.delete(conn, _key, known.select("number"))
    frames.delete(conn, _record, entirely.unique().alias("record_id").to_frame())


def meet(conn: Connection, tonight: pl.DataFrame, guard: Guard) -> Meeting:
    """The pairs that tonight's keys bring together.

    Args:
        tonight: `key, number` of tonight's records; stored already.
    """
    if tonight.is_empty():
        return Meeting(pl.DataFrame(schema={"kind": pl.Int64, "left": pl.Int64, "right": pl.Int64}), {})
    limits = {code: guard.limit(kind) for code, kind in enumerate(KINDS)}
    kind = (pl.col("key") % 16).alias("kind")
    asked = (
        tonight.select("key")
        .unique()
        .with_columns(kind.replace_strict(limits, return_dtype=pl.Int64).alias("most"))
    )
    with frames.staged(conn, asked.sort("key"), ["key"]) as stage:
        sized = frames.read(conn, _sizes(stage.name, guard.largest + 1))
        usable = sized.filter(pl.col("size").is_between(2, pl.col("most"))).select("key")
    members = frames.matching(conn, _key, usable)
    blocks = tonight.join(members, on="key", suffix="_other").filter(
        pl.col("number") != pl.col("number_other")
    )
    pairs = blocks.select(
        kind,
        pl.min_horizontal("number", "number_other").alias("left"),
        pl.max_horizontal("number", "number_other").alias("right"),
    ).unique()
    large = sized.filter(pl.col("size") > pl.col("most")).group_by(kind).len()
    return Meeting(
        pairs.sort("kind", "left", "right"),
        {KINDS[code]: blocks for code, blocks in large.sort("kind").iter_rows()},
    )


def _sizes(stage: str, most: int) -> TextualSelect:
    """`key, most, size` of the staged keys; a block is counted only as far as it could be used."""
    limited = f"SELECT 1 FROM {_key.name} k WHERE k.key = s.key LIMIT {most}"
    query = text(f"SELECT s.key, s.most, (SELECT count(*) FROM ({limited}) x) AS size FROM {stage} s")
    return query.columns(key=BigInteger, most=BigInteger, size=BigInteger)


def numbers(conn: Connection, ids: pl.Series) -> pl.DataFrame:
    """`record_id, number` of these records."""
    found = frames.matching(conn, _record, ids.unique().alias("record_id").to_frame())
    return found.select("record_id", "number")


def niks(conn: Connection, ids: pl.Series) -> pl.DataFrame:
    """`record_id, nik`: the stored hash of the NIK of these records, where they have one."""
    found = frames.matching(
        conn, _record, ids.unique().alias("record_id").to_frame(), _record.c.nik.is_not(None)
    )
    return found.select("record_id", "nik")
