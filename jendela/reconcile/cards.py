"""ID-07: several participant numbers (KPJ) of one person that BPJS has not merged.

A person may have got a card from every employer; savings and months paid belong to one. Cards are compared as
keyed hashes.
"""

from __future__ import annotations

import polars as pl

from jendela.reconcile.finding import cases, side
from jendela.reconcile.known import BPJS, Known
from jendela.reconcile.relation import first_of

CODE = "ID-07"
CARD, INTO = "card_reference", "card_merged_into"
RECORD = ("office", "feed", "record_id")


def find(known: Known) -> pl.DataFrame:
    """One case per card of a person beside the one that was known first; each by its first spell.

    Found: neither is merged into another.
    """
    spells = known.held_by("employment", BPJS).drop_nulls(["person_id", CARD])
    merged = pl.col(INTO).is_not_null() & (pl.col(INTO) != pl.col(CARD))
    told = first_of(spells.with_columns(merged=merged.any().over("person_id", CARD)), ["person_id", CARD])
    # The cards that stand alone come first: the others are compared with one of them.
    ordered = told.sort("merged", "first_seq", "record_id")
    first = ordered.unique("person_id", keep="first", maintain_order=True)
    pairs = ordered.join(first, on="person_id", suffix="_b").filter(pl.col(CARD) != pl.col(f"{CARD}_b"))
    return cases(
        CODE,
        pairs.with_columns(
            found=~pl.col("merged") & ~pl.col("merged_b"),
            may_open=True,
            employer_id=pl.lit(None, pl.String),
            office=pl.lit(None, pl.String),
            side_a=_card(""),
            side_b=_card("_b"),
            closing=pl.lit("one card is merged into another"),
        ),
        ["record_id", "record_id_b"],
    )


def _card(suffix: str) -> pl.Expr:
    value = pl.format("KPJ {}", pl.col(f"{CARD}{suffix}").str.slice(0, 12))
    office, feed, record = (f"{name}{suffix}" for name in RECORD)
    return side(office, feed, record, pl.lit("kpj"), value, pl.col(f"as_of{suffix}"))
