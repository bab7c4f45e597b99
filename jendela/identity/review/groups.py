"""The groups that must not fare worse: the province and the naming tradition of a pair."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import polars as pl
from sqlalchemy import Connection

from jendela.crypto import Keyring
from jendela.identity import records
from jendela.identity.review.traditions import traditions

UNKNOWN = "unknown"
_REGIONS = ("residence_region", "workplace_region")
_PAIR = ["left_id", "right_id"]


def groups(conn: Connection, keyring: Keyring, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with `province` (2 digits or `unknown`) and `tradition`.

    Those of the pair's first record that says; which record is first is chance. A record's province is that
    of its residence, else of its workplace, else of its NIK, whose province is that of first registration.
    """
    ids = pl.concat([pairs["left_id"], pairs["right_id"]]).unique()
    said = records.facts(conn, ids, records.PERSON_ENTITIES, _REGIONS)
    named = records.identifying(conn, keyring, ids).select("record_id", "nik", "full_name")
    known = [_province(pl.col(name)) for name in (*_REGIONS, "nik")]
    of_records = said.join(named, on="record_id", how="full", coalesce=True).select(
        "record_id",
        province=pl.coalesce(known),
        name=pl.col("full_name"),
    )
    left = of_records.rename({"record_id": "left_id", "province": "province_l", "name": "name_l"})
    right = of_records.rename({"record_id": "right_id", "province": "province_r", "name": "name_r"})
    both = pairs.join(left, on="left_id", how="left", maintain_order="left")
    both = both.join(right, on="right_id", how="left", maintain_order="left")
    named_first = both.select(pl.coalesce("name_l", "name_r")).to_series()
    return both.with_columns(
        province=pl.coalesce("province_l", "province_r", pl.lit(UNKNOWN)),
        tradition=traditions(named_first),
    ).drop("province_l", "province_r", "name_l", "name_r")


@cache
def provinces() -> dict[str, str]:
    """The provinces in force, code to name."""
    read = (files("schemas") / "codes" / "region_province.csv").read_bytes()
    return dict(pl.read_csv(read, infer_schema=False).select("code", "name").iter_rows())


def _province(code: pl.Expr) -> pl.Expr:
    first = code.str.slice(0, 2)
    return pl.when(first.is_in(list(provinces()))).then(first)
