"""ID-02: one NIK on two different persons. The values are keyed references, never a number or a name."""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import Known

CODE = "ID-02"
RECORD = ("record_id", "person_id", "office", "feed", "as_of", "first_seq")


def find(known: Known) -> pl.DataFrame:
    """One case per pair of persons, made of the two records that shared the NIK first."""
    mentions = pl.concat(
        [records.select(RECORD) for records in known.records.values() if "sex" in records.columns]
    ).unique("record_id", keep="first", maintain_order=True)
    left = mentions.rename({name: f"{name}_l" for name in RECORD})
    right = mentions.rename({name: f"{name}_r" for name in RECORD})
    pairs = known.shared_nik.join(left, left_on="left_id", right_on="record_id_l").join(
        right, left_on="right_id", right_on="record_id_r"
    )
    pairs = pairs.filter(pl.col("person_id_l") != pl.col("person_id_r")).with_columns(
        known_since=pl.max_horizontal("first_seq_l", "first_seq_r"),
        one=pl.min_horizontal("person_id_l", "person_id_r"),
        other=pl.max_horizontal("person_id_l", "person_id_r"),
    )
    first = pairs.sort("known_since", "left_id", "right_id").unique(
        ["one", "other"], keep="first", maintain_order=True
    )
    return cases(
        CODE,
        first.with_columns(
            found=True,
            may_open=True,
            person_id="person_id_l",
            side_a=_side("l", "left_id"),
            side_b=_side("r", "right_id"),
        ),
        ["left_id", "right_id"],
    )


def _side(which: str, record_id: str) -> pl.Expr:
    value = pl.format(
        "NIK {} of person {}",
        pl.col("reference").fill_null("").str.slice(0, 12),
        pl.col(f"person_id_{which}").str.slice(0, 12),
    )
    return side(f"office_{which}", f"feed_{which}", record_id, pl.lit("nik"), value, pl.col(f"as_of_{which}"))
