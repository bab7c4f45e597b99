"""What the rules read: every source record as it is now, who was heard tonight, who is under review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from jendela.law import Law
from jendela.letters.rules import Rules
from jendela.reconcile.editions import documents, editions, withdrawn
from jendela.reconcile.numbers import plain_number

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
    "noted": pl.List(pl.String()),
}
SHARED = dict.fromkeys(("left_id", "right_id", "reference"), pl.String())
NIKS = dict.fromkeys(("person_id", "record_id", "nik"), pl.String())
SLIPS = {**dict.fromkeys(("person_id", "nik", "nik_b"), pl.String()), "slips": pl.Int64()}


@dataclass(frozen=True)
class Known:
    """The register on one night.

    `records` has, by entity, the columns of `RECORD` and the contract's clear fields: what each office
    says now. `as_of` is the day since which the hub knows it, `first_seq` the night on which the record
    was first seen, `noted` the rules of its contract that it breaks without being held for it. `offices`
    are those configured: `office, region` (4 digits; null for a body that is not a labour office).
    `heard` are the pairs (`office, entity`) that delivered tonight; the silence of others proves nothing.
    `review` are pairs of persons (`person_id, other_id`, both ways) that a reviewer may still declare
    one. `shared_nik` are pairs of records (`left_id, right_id`) with one NIK and two people, `reference`
    their NIK's hash; `shared_kpj` the same of participant numbers, without a reference. `niks`
    (`person_id, record_id, nik`) are the records with a NIK of the persons with several or a doubtful
    one, `nik` its hash; `slips` (`person_id, nik, nik_b, slips`) each two NIKs of one person, and how
    many digits were mistyped, exchanged, lost or doubled between them. `rules` are the rules of letters.
    """

    day: date
    law: Law
    rules: Rules
    records: Mapping[str, pl.DataFrame]
    offices: pl.DataFrame
    heard: pl.DataFrame
    review: pl.DataFrame
    shared_nik: pl.DataFrame
    shared_kpj: pl.DataFrame
    niks: pl.DataFrame
    slips: pl.DataFrame

    @cached_property
    def mentions(self) -> pl.DataFrame:
        """Every record that speaks of a person itself, once: the columns of `RECORD`, and the sex stated."""
        told = [
            records.select(*RECORD, "sex") for records in self.records.values() if "sex" in records.columns
        ]
        return pl.concat(told).unique("record_id", keep="first", maintain_order=True).drop_nulls("person_id")

    @cached_property
    def letters(self) -> pl.DataFrame:
        """Every copy of a letter about a known person, with what replaced it (see `editions`)."""
        return editions(self.records["termination_letter"])

    @cached_property
    def documents(self) -> pl.DataFrame:
        """Every letter once, its best copy (see `documents`), with `competent_office`."""
        best = documents(self.letters)
        return best.with_columns(competent_office=self.competent(pl.col("workplace_region")))

    @cached_property
    def reports(self) -> pl.DataFrame:
        """Every report about a known person at a labour office or the ministry.

        With `number`, the plain number of the letter that it names, and `withdrawn_by`, the record that took
        the termination back.
        """
        told = self.held_outside_bpjs("termination_case").drop_nulls("person_id")
        told = told.with_columns(number=plain_number("letter_number"))
        days = self.law.readings.facts.termination_days
        over = withdrawn(told, self.letters, "effective_date", days)
        return told.join(over, on="record_id", how="left")

    @cached_property
    def claims(self) -> pl.DataFrame:
        """Every claim of a known person at BPJS; `number` is the plain number of the letter that it names."""
        told = self.held_by("claim", BPJS).drop_nulls("person_id")
        return told.with_columns(number=plain_number("letter_number"))

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
