"""ID-02: one NIK on two different persons. ID-06: one participant number (KPJ) on two different persons.

The values are keyed references, never a number or a name.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import Known

CODE = "ID-02"
CARD = "ID-06"
RECORD = ("record_id", "person_id", "office", "feed", "as_of", "first_seq")


def find(known: Known) -> pl.DataFrame:
    """The cases of both codes."""
    cards = known.records["employment"].select("record_id", reference="card_reference").drop_nulls()
    ends = [cards.rename({"record_id": name, "reference": name[0]}) for name in ("left_id", "right_id")]
    shared_kpj = known.shared_kpj.select("left_id", "right_id")
    for end in ends:
        shared_kpj = shared_kpj.join(end, on=end.columns[0], how="left")
    shared_kpj = shared_kpj.select("left_id", "right_id", reference=pl.coalesce("l", "r"))
    return pl.concat([shared(known, CODE, known.shared_nik, "NIK"), shared(known, CARD, shared_kpj, "KPJ")])


def shared(known: Known, code: str, pairs: pl.DataFrame, number: str) -> pl.DataFrame:
    """One case per pair of persons, made of the two records that shared the number first."""
    mentions = known.mentions.select(RECORD)
    left = mentions.rename({name: f"{name}_l" for name in RECORD})
    right = mentions.rename({name: f"{name}_r" for name in RECORD})
    told = pairs.join(left, left_on="left_id", right_on="record_id_l").join(
        right, left_on="right_id", right_on="record_id_r"
    )
    told = told.filter(pl.col("person_id_l") != pl.col("person_id_r")).with_columns(
        known_since=pl.max_horizontal("first_seq_l", "first_seq_r"),
        one=pl.min_horizontal("person_id_l", "person_id_r"),
        other=pl.max_horizontal("person_id_l", "person_id_r"),
    )
    first = told.sort("known_since", "left_id", "right_id").unique(
        ["one", "other"], keep="first", maintain_order=True
    )
    return cases(
        code,
        first.with_columns(
            found=True,
            may_open=True,
            person_id="person_id_l",
            side_a=_side("l", "left_id", number),
            side_b=_side("r", "right_id", number),
        ),
        ["left_id", "right_id"],
    )


def _side(which: str, record_id: str, number: str) -> pl.Expr:
    value = pl.format(
        "{} {} of person {}",
        pl.lit(number),
        pl.col("reference").fill_null("").str.slice(0, 12),
        pl.col(f"person_id_{which}").str.slice(0, 12),
    )
    field = pl.lit(number.lower())
    return side(f"office_{which}", f"feed_{which}", record_id, field, value, pl.col(f"as_of_{which}"))
