"""Obligations over the nights: opened, met when the paper arrives, lapsed when none is owed. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from jendela.crypto import Keyring, keyed_hash
from jendela.law import working_days
from jendela.reconcile.lifecycle import Tonight
from jendela.reconcile.obligations import KIND

ZONE = "Asia/Jakarta"  # the local time of the night, and of BPJS
OF = ("fact_id", "person_id", "employer_id")


@dataclass(frozen=True)
class Owed:
    """Rows of `obligation`: `opened` whole; of the others the columns that change, by `obligation_id`."""

    opened: pl.DataFrame
    kept: pl.DataFrame
    ended: pl.DataFrame


def identified(ends: pl.DataFrame, keyring: Keyring) -> pl.DataFrame:
    """The ends of spells with `obligation_id`, a keyed hash of the kind and the source record."""
    ids = keyed_hash(keyring, "obligation", f"{KIND}\x1f" + ends["record_id"])
    return ends.with_columns(obligation_id=ids)


def settle(ends: pl.DataFrame, existing: pl.DataFrame, tonight: Tonight) -> Owed:
    """What becomes of every obligation; one that was met or lapsed stands again when it is owed again.

    `ends` are identified, `existing` all rows of `obligation`.
    """
    reading = tonight.law.readings.resignation_statement
    owed = ends.filter(pl.col("owed"))
    is_open = existing.filter(pl.col("state") == "open")
    still = owed.join(is_open, on="obligation_id", how="semi")
    again = owed.filter("may_open").join(
        existing.filter(pl.col("state") != "open"), on="obligation_id", how="semi"
    )
    fresh = owed.filter("may_open").join(existing, on="obligation_id", how="anti")
    over = is_open.select("obligation_id").join(owed, on="obligation_id", how="anti")
    met = pl.col("obligation_id").is_in(ends["obligation_id"].implode())
    seq = pl.lit(tonight.seq, pl.Int64)
    return Owed(
        opened=fresh.select(
            "obligation_id",
            *OF,
            kind=pl.lit(KIND),
            owner=pl.lit(reading.owner),
            state=pl.lit("open"),
            opened_seq=seq,
            opened_day=pl.lit(tonight.day),
            due_date=pl.lit(working_days(tonight.day, reading.working_days, tonight.law.calendar, ZONE)),
        ),
        kept=pl.concat([still, again]).select(
            "obligation_id", *OF, state=pl.lit("open"), closed_seq=pl.lit(None, pl.Int64)
        ),
        ended=over.with_columns(
            state=pl.when(met).then(pl.lit("met")).otherwise(pl.lit("lapsed")), closed_seq=seq
        ),
    )
