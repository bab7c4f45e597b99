"""What the rules read: every source record as it is now, who was heard tonight, who is under review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from jendela.law import Law

BPJS = "bpjs"

RECORD = {
    "record_id": pl.String(),
    "office": pl.String(),
    "feed": pl.String(),
    "as_of": pl.Date(),
    "first_seq": pl.Int64(),
    "person_id": pl.String(),
    "employer_id": pl.String(),
    "fact_id": pl.String(),
}


@dataclass(frozen=True)
class Known:
    """The register on one night.

    `records` has, by entity, the columns of `RECORD` and the contract's clear fields: what each office says
    now. `as_of` is the day since which the hub knows it, `first_seq` the night on which the record was first
    seen. `offices` are those configured: `office, region` (4 digits; null for a body that is not a labour
    office). `heard` are the pairs (`office, entity`) that delivered tonight; the silence of others proves
    nothing. `review` are pairs of persons (`person_id, other_id`, both ways) that a reviewer may still
    declare one. `shared_nik` are pairs of records (`left_id, right_id`) with one NIK and two people,
    `reference` their NIK's hash.
    """

    day: date
    law: Law
    records: Mapping[str, pl.DataFrame]
    offices: pl.DataFrame
    heard: pl.DataFrame
    review: pl.DataFrame
    shared_nik: pl.DataFrame

    def held_by(self, entity: str, *offices: str) -> pl.DataFrame:
        """The records of an entity at these offices."""
        return self.records[entity].filter(pl.col("office").is_in(offices))

    def held_outside_bpjs(self, entity: str) -> pl.DataFrame:
        """The records of an entity at the ministry and the labour offices."""
        return self.records[entity].filter(pl.col("office") != BPJS)

    def keepers(self, entity: str) -> list[str]:
        """The configured offices that have a feed of this entity, heard tonight or not."""
        keep = self.offices.filter(pl.col("entities").list.contains(entity))
        return keep["office"].to_list()

    def was_heard(self, office: pl.Expr, *entities: str) -> pl.Expr:
        """True where the office delivered all of its feeds of these entities tonight."""
        parts = []
        for entity in entities:
            heard = self.heard.filter(pl.col("entity") == entity)["office"].to_list()
            parts.append(office.is_in(heard).fill_null(value=False))
        return pl.all_horizontal(parts)

    def competent(self, region: pl.Expr) -> pl.Expr:
        """The labour office competent for a workplace: the configured one of the regency or city (PP 35/2021
        Pasal 38); null where there is none, and then nothing is concluded."""
        of_region = self.offices.drop_nulls("region")
        offices = dict(of_region.select("region", "office").iter_rows())
        return region.str.slice(0, 4).replace_strict(offices, default=None, return_dtype=pl.String)
