"""Blocking keys in the hub: keyed hashes as whole numbers, by which a night finds whom its records may be.

A key is 60 bits of a keyed hash and four bits that tell its kind; a record is a number. Nothing is opened to
find candidates, and a block too large to use is read only as far as it could be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Connection, Select, select

from jendela.crypto import Keyring, keyed_hash, seal_many
from jendela.crypto.sealing import unseal_each
from jendela.identity import forgotten
from jendela.identity.block.keys import keys
from jendela.identity.block.pairs import Guard
from jendela.identity.block.sight import SIGHT, Sights, packed, sights
from jendela.identity.key_store import before, known
from jendela.identity.standard.frame import RAW, Standard
from jendela.store import frames, tables
from jendela.store.records import up_to_last
from jendela.store.sealed import IDENTITY_RECORD
from jendela.store.tables import source_row

PURPOSE = "identity"
# Keys hashed, and mentions sealed, at once: of a whole register only so much is in memory as text.
SLICE, SAID = 1_000_000, 100_000
# Begins what is kept with a sight; JSON begins otherwise.
MARK = b"\x01"
# The kinds that find pairs which no other finds; the code of a kind is its place, and is stored.
KINDS = ("", "nik", "number", "kpj", "phone", "email", "birth", "household", "mother", "year", "region")
_record, _member = tables.identity_record, tables.person_member
_NAMED = {"number": pl.Int64(), "record": pl.Int64(), "record_id": pl.String()}


@dataclass(frozen=True)
class Meeting:
    """`pairs`: `kind, left, right`, numbers of which one at least is tonight's, `left < right`, each once
    for a kind; the other may be of no record any longer. `tamed` counts by kind the blocks too large to use.
    """

    pairs: pl.DataFrame
    tamed: dict[str, int]


def stored_keys(keyring: Keyring, standard: Standard) -> pl.DataFrame:
    """`key, row`: the keys of each row as the hub stores them, each once."""
    hashed, waiting, many = [], [], 0
    for kind, values, rows in keys(standard):
        if kind in KINDS:
            code = np.full(len(rows), KINDS.index(kind), dtype=np.int64)
            waiting.append(pl.DataFrame({"kind": code, "plain": values, "row": rows}))
            many += len(rows)
        if many >= SLICE:
            hashed.append(_hashed_keys(keyring, waiting))
            waiting, many = [], 0
    hashed.append(_hashed_keys(keyring, waiting))
    ordered = pl.concat(hashed).sort("key", "row")
    before = ordered.shift(1)
    again = (ordered["key"] == before["key"]) & (ordered["row"] == before["row"])
    return ordered.filter(~again.fill_null(value=False))


def _hashed_keys(keyring: Keyring, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """`key, row` of parts with `kind, plain, row`."""
    if not parts:
        return pl.DataFrame(schema={"key": pl.Int64, "row": pl.Int64})
    plain = pl.concat(parts)
    text = plain.select(pl.format("{}|{}", "kind", "plain")).to_series()
    # The first 60 bits, less the sign: fifteen hex digits.
    bits = keyed_hash(keyring, PURPOSE, text).str.slice(0, 15).str.to_integer(base=16, dtype=pl.Int64)
    signed = pl.DataFrame({"bits": bits}).select((pl.col("bits") - 2**59) * 16)["bits"]
    return plain.select((pl.lit(signed) + pl.col("kind")).alias("key"), "row")


def keep_said(
    conn: Connection,
    keyring: Keyring,
    numbers: pl.Series,
    raw: pl.DataFrame,
    records: pl.Series,
    standard: Standard,
) -> None:
    """Keep what each of these mentions says, sealed.

    Args:
        numbers: those given to them.
        raw: the mentions as `records.mentions` gives them; the hub has forgotten what they said before.
        records: the number of the record of each.
        standard: the same in standard form.
    """
    seen, nik = sights(standard), standard.fields["nik"].cast(pl.String)
    kinds = {"record_id": pl.String, "nik": pl.String, "sealed": pl.Binary}
    for start in range(0, raw.height, SAID):
        part = slice(start, start + SAID)
        rows = pl.DataFrame(
            {
                "number": numbers[part],
                "record": records[part],
                "record_id": raw["record_id"][part],
                "nik": keyed_hash(keyring, f"{PURPOSE}.nik", nik[part]).str.slice(0, 32),
                "sealed": seal_many(keyring, _plain(raw[part], seen[part]), IDENTITY_RECORD),
            },
            schema={"number": pl.Int64, "record": pl.Int64, **kinds},
        )
        frames.load(conn, _record, rows)


def _plain(raw: pl.DataFrame, seen: Sights) -> pl.Series:
    """What is kept of each mention: the mark, what a glance needs, and what it says."""
    said = _said(raw).cast(pl.Binary).to_list()
    return pl.Series(
        [MARK + sight + text for sight, text in zip(packed(seen), said, strict=True)],
        dtype=pl.Binary,
    )


def _said(raw: pl.DataFrame) -> pl.Series:
    """What each mention says, as JSON; what it does not say is left out."""
    says = [name for name in raw.columns if name in RAW and name != "record_id"]
    if not says or raw.is_empty():
        return pl.repeat("{}", raw.height, dtype=pl.String, eager=True)
    return raw.select(pl.struct(says).struct.json_encode()).to_series()


def stored(conn: Connection, keyring: Keyring, numbers: pl.Series) -> pl.DataFrame:
    """`number`, and the mention as it was told (`record_id` and the columns of `RAW`), by number."""
    return told(opened(conn, keyring, numbers))


def opened(conn: Connection, keyring: Keyring, numbers: pl.Series) -> pl.DataFrame:
    """`number, record, record_id, sight, said` by number: what is kept of these mentions, as bytes; `sight`
    is null where an older version kept none. `record` is the number of the record.
    """
    parts = [_opened(keyring, [])]
    for part in numbers.unique().sort().alias("asked").to_frame().iter_slices(SAID):
        with frames.asked(conn, part) as asked:
            query = _kept().join(asked, asked.c.asked == _record.c.number)
            parts.append(_opened(keyring, frames.fetched(conn, query)))
    return pl.concat(parts)


def mates(conn: Connection, keyring: Keyring, records: pl.Series) -> pl.DataFrame:
    """The same of the other records of the persons to whom `records` (by their own numbers) belong."""
    mine, other = _member.alias("mine"), _member.alias("other")
    with frames.asked(conn, records.alias("asked").to_frame()) as asked:
        found = select(other.c.number).join(mine, mine.c.person == other.c.person)
        found = found.join(asked, asked.c.asked == mine.c.number).where(other.c.number != mine.c.number)
        mate = found.distinct().subquery("mate")
        query = _kept().join(mate, mate.c.number == _record.c.record)
        return _opened(keyring, frames.fetched(conn, query))


def _kept() -> Select[Any]:
    return select(_record.c.number, _record.c.record, _record.c.record_id, _record.c.sealed)


def _opened(keyring: Keyring, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    *named, sealed = zip(*rows, strict=True) if rows else ((), (), (), ())
    plain = pl.col("plain").bin
    found = pl.DataFrame(dict(zip(_NAMED, named, strict=True)), _NAMED)
    opened = pl.Series("plain", unseal_each(keyring, sealed, IDENTITY_RECORD), pl.Binary)
    found = found.with_columns(opened).sort("number")
    return found.select(
        *_NAMED,
        sight=pl.when(plain.starts_with(MARK)).then(plain.slice(len(MARK), SIGHT.itemsize)),
        said=pl.when(plain.starts_with(MARK))
        .then(plain.slice(len(MARK) + SIGHT.itemsize))
        .otherwise("plain"),
    )


def told(opened: pl.DataFrame) -> pl.DataFrame:
    """`number, record`, and the mention as it was told, of what `opened` gave."""
    said = opened["said"].cast(pl.String).str.json_decode(pl.Struct(dict.fromkeys(RAW[1:], pl.String)))
    return opened.select(*_NAMED).hstack(said.struct.unnest())


def said_before(conn: Connection, records: pl.Series) -> pl.DataFrame:
    """`number, record_id` of what these records, by their own numbers, said before."""
    known = up_to_last(conn, _record.c.record, records).unique().alias("asked").to_frame()
    with frames.asked(conn, known) as asked:
        query = select(_record.c.number, _record.c.record_id)
        return frames.read(conn, query.join(asked, asked.c.asked == _record.c.record))


def forget(conn: Connection, numbers: pl.Series) -> None:
    """Forget what was said under these numbers: they are nobody's now, and their keys are met no longer."""
    frames.delete(conn, _record, numbers.alias("number").to_frame())
    forgotten.forget(conn, numbers)


def meet(conn: Connection, tonight: pl.DataFrame, guard: Guard, leaving: pl.Series) -> Meeting:
    """The pairs that tonight's keys bring together.

    Args:
        tonight: `key, number` of tonight's mentions, whose numbers are the newest; stored already or not yet.
        leaving: numbers of before that tonight ends, which may not be stored yet.

    A block is read only as far as it could be used.
    """
    if tonight.is_empty():
        return Meeting(pl.DataFrame(schema={"kind": pl.Int64, "left": pl.Int64, "right": pl.Int64}), {})
    kind = (pl.col("key") % 16).alias("kind")
    limits = {code: guard.limit(name) for code, name in enumerate(KINDS)}
    most = kind.replace_strict(limits, return_dtype=pl.Int64)
    asked = tonight.group_by("key").agg(mine=pl.len().cast(pl.Int64)).sort("key")
    asked = asked.with_columns(room=most - pl.col("mine"), most=most)
    open_still = asked.filter(pl.col("room") >= 0)
    first = int(tonight["number"].min())  # type: ignore[arg-type]
    older = before(conn, open_still.select("key", "most"), first)
    # Forgotten numbers may fill a block: those that look too large are counted again without them.
    full = _overfull(older, asked)
    still = known(conn, full, older.join(full, on="key", how="semi"), first, leaving)
    tamed = pl.concat([asked.filter(pl.col("room") < 0)["key"], _overfull(still, asked)["key"]])
    older = pl.concat([older.join(full, on="key", how="anti"), still])
    several = pl.concat([older["key"], asked.filter(pl.col("mine") > 1)["key"]]).unique()
    several = several.filter(~several.is_in(tamed.implode()))
    ours = tonight.join(several.to_frame(), on="key", how="semi")
    other = pl.concat([older, ours]).rename({"number": "other"})
    met = ours.join(other, on="key").filter(pl.col("number") != pl.col("other"))
    pairs = met.select(
        kind,
        pl.min_horizontal("number", "other").alias("left"),
        pl.max_horizontal("number", "other").alias("right"),
    )
    counted = tamed.to_frame().group_by(kind).len().sort("kind")
    return Meeting(
        pairs.unique().sort("kind", "left", "right"),
        {KINDS[code]: blocks for code, blocks in counted.iter_rows()},
    )


def _overfull(older: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """`key, most` of the blocks that have more older members than room for them."""
    sized = older.group_by("key").agg(older=pl.len()).join(asked, on="key")
    return sized.filter(pl.col("older") > pl.col("room")).select("key", "most").sort("key")


def numbers(conn: Connection, ids: pl.Series) -> pl.DataFrame:
    """`record_id`, and the `number` of what each of these records says."""
    with frames.asked(conn, ids.alias("asked").to_frame()) as asked:
        query = select(source_row.c.record_id, _record.c.number)
        query = query.join(_record, _record.c.record == source_row.c.number)
        return frames.read(conn, query.join(asked, asked.c.asked == source_row.c.record_id))
