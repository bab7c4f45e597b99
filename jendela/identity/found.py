"""Tonight's mentions and those of before whom they meet: all that is read before anything is judged.

Only what was committed before is read. A night can therefore find while it writes other things.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring
from jendela.identity import key_store, lookup
from jendela.identity.block.candidates import Glance
from jendela.identity.block.pairs import Guard
from jendela.identity.block.sight import FirstSight, sights, unpacked
from jendela.identity.frequencies import Frequencies
from jendela.identity.records import as_mentions, identifying
from jendela.identity.standard import card
from jendela.identity.standard.frame import Standard, standardise
from jendela.identity.standard.hashing import hashed

PAIRS = 1_000_000  # looked at at once: of a night as large as the register there are many


@dataclass(frozen=True)
class Mentions:
    """Tonight's mentions, read.

    raw: as they are told (`records.mentions`).
    standard: in standard form.
    numbers: those that they will have, in order.
    keys: `key, number` of each.
    leaving: `number, record_id` of what their records, and those that are gone, said before.
    """

    raw: pl.DataFrame
    standard: Standard
    numbers: pl.Series
    keys: pl.DataFrame
    leaving: pl.DataFrame


@dataclass(frozen=True)
class Met:
    """Those of tonight's mentions that met somebody, and behind them the stored ones they met.

    ids, numbers, standard: by row their record, their number and what they say.
    pairs: `kind, left, right`: numbers of who met by which kind of key, but for strangers at first sight.
    tonight: which rows of `Mentions.raw` the first ones are.
    others: `record_id, number` of the records of the stored ones.
    tamed: by kind the blocks too large to use.
    """

    ids: pl.Series
    numbers: pl.Series
    standard: Standard
    pairs: pl.DataFrame
    tonight: pl.Series
    others: pl.DataFrame
    tamed: dict[str, int]


def read(
    conn: Connection, keyring: Keyring, day: date, said: pl.DataFrame, records: pl.DataFrame
) -> Mentions:
    """Tonight's mentions; whom they work for is no part of any key.

    Args:
        day: the day of the night, by which dates are judged.
        said: what they say in clear: `record_id`, facts, and perhaps `employer_id`.
        records: `record_id, number` of all records that changed or are no more.
    """
    own = records.join(said, on="record_id", how="semi")
    raw = as_mentions(identifying(conn, keyring, own), said)
    if "employer_id" not in raw.columns:
        raw = raw.with_columns(employer_id=pl.lit(None, pl.String))
    standard = standardise(raw, day)
    first = key_store.last_number(conn) + 1
    numbers = pl.int_range(first, first + raw.height, dtype=pl.Int64, eager=True).alias("number")
    stored = lookup.stored_keys(keyring, standard)
    keys = stored.select("key", number=numbers.gather(stored["row"]))
    return Mentions(raw, standard, numbers, keys, lookup.said_before(conn, records["number"]))


def meet(
    conn: Connection,
    keyring: Keyring,
    day: date,
    guard: Guard,
    counted: Frequencies | None,
    mentions: Mentions,
) -> Met:
    """Whom tonight's mentions meet; nothing of theirs need be stored yet.

    Args:
        counted: the frequencies of the register; None: these mentions are all there are.
    """
    raw, standard, numbers = mentions.raw, mentions.standard, mentions.numbers
    leaving = mentions.leaving["number"]
    met = lookup.meet(conn, mentions.keys, guard, leaving)
    ends = pl.concat([met.pairs["left"], met.pairs["right"]]).unique()
    others = ends.filter(~ends.is_in(pl.concat([numbers, leaving]).implode()))
    if counted is None or others.is_empty():
        everybody = pl.int_range(0, raw.height, eager=True)
        nobody = pl.DataFrame(schema={"record_id": pl.String, "number": pl.Int64})
        return Met(raw["record_id"], numbers, standard, met.pairs, everybody, nobody, met.tamed)
    opened = lookup.opened(conn, keyring, others)
    pairs = _at_first_sight(standard, numbers, opened, met.pairs, counted)
    ends = pl.concat([pairs["left"], pairs["right"]]).unique()
    compared = opened.filter(pl.col("number").is_in(ends.implode()))
    # Whom these are one person with: links bring tonight's together with them too.
    mates = lookup.mates(conn, keyring, compared["record"])
    stored = lookup.told(pl.concat([compared, mates]).unique("number", maintain_order=True))
    tonight = numbers.is_in(ends.implode()).arg_true()
    told = [name for name in stored.columns if name in raw.columns]
    whole = pl.concat([raw[tonight].select(told), stored.select(told)])
    both = pl.concat([numbers.gather(tonight), stored["number"]])
    named = stored.select("record_id", number="record")
    return Met(whole["record_id"], both, standardise(whole, day), pairs, tonight, named, met.tamed)


def employed(mentions: Mentions, said: pl.DataFrame) -> Mentions:
    """The same with the `employer_id` that each has in `said`."""
    ids = mentions.raw.select("record_id").join(
        said.select("record_id", "employer_id"), on="record_id", how="left", maintain_order="left"
    )["employer_id"]
    employer = hashed(card.employer(ids.cast(pl.String))).alias("employer")
    return replace(mentions, raw=mentions.raw.with_columns(ids), standard=_with(mentions.standard, employer))


def employed_too(met: Met, mentions: Mentions) -> Met:
    """The same with the employers that tonight's `mentions` have."""
    own = mentions.standard.fields["employer"].gather(met.tonight)
    of_others = met.standard.fields["employer"].slice(len(met.tonight))
    return replace(met, standard=_with(met.standard, pl.concat([own, of_others])))


def _with(standard: Standard, column: pl.Series) -> Standard:
    return replace(standard, fields=standard.fields.with_columns(column))


def _at_first_sight(
    standard: Standard, numbers: pl.Series, opened: pl.DataFrame, met: pl.DataFrame, counted: Frequencies
) -> pl.DataFrame:
    """The pairs of `met` that may be worth comparing. Who has no sight is not judged by it."""
    seen = opened.drop_nulls("sight")
    rows = np.concatenate([sights(standard), unpacked(seen["sight"])])
    known = pl.concat([numbers, seen["number"]])
    looked_at = worth(FirstSight(rows, counted), known, met).select(met.columns)
    blind = opened.filter(pl.col("sight").is_null())["number"].implode()
    return pl.concat([looked_at, met.filter(pl.col("left").is_in(blind) | pl.col("right").is_in(blind))])


def worth(glance: Glance, numbers: pl.Series, met: pl.DataFrame) -> pl.DataFrame:
    """The pairs of `met` that are worth a closer look, with the rows of their numbers (`row, row_r`)."""
    place = pl.DataFrame({"number": numbers, "row": np.arange(len(numbers))})

    def placed(some: pl.DataFrame) -> pl.DataFrame:
        rows = some.join(place, left_on="left", right_on="number")
        return rows.join(place, left_on="right", right_on="number", suffix="_r")

    kept = [placed(met.clear())]
    for some in met.iter_slices(PAIRS):
        for (code,), pairs in placed(some).partition_by("kind", as_dict=True).items():
            left, right = pairs["row"].to_numpy(), pairs["row_r"].to_numpy()
            seen = glance.worth_comparing(lookup.KINDS[int(str(code))], left, right)
            kept.append(pairs.filter(pl.Series(seen, dtype=pl.Boolean)))
    return pl.concat(kept)
