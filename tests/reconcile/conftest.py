"""A register written by hand for the rules: what each office says, who was heard, what is under review."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from jendela.contracts.facts import facts_schema
from jendela.contracts.odcs import load_contracts
from jendela.law import load_law
from jendela.letters.rules import load_rules
from jendela.reconcile.known import NIKS, RECORD, Known
from jendela.reconcile.niks import slips
from jendela.reconcile.reading import ENTITIES, HEARD

CONTRACTS = load_contracts(Path(__file__).parents[2])
RULES = load_rules()
FEEDS = {
    "bpjs": (
        "employer",
        "employment",
        "termination_letter",
        "claim",
        "contribution",
        "benefit_payment",
        "disqualification_notice",
    ),
    "kemnaker": (
        "employer",
        "employment",
        "pes_registration",
        "pes_activity",
        "training_attendance",
        "disqualification_notice",
    ),
    "dinas_3215": ("termination_letter", "termination_case", "pes_registration"),
    "dinas_6471": ("termination_letter", "termination_case"),
    "dinas_9171": ("termination_letter", "termination_case"),
}
REGIONS = {
    "dinas_3215": "3215",
    "dinas_6471": "6471",
    "dinas_9171": "9171",
}  # Karawang, Balikpapan, Jayapura (WIT)


class Register:
    """Adds records and asks a rule; every office was heard unless `silent`."""

    def __init__(self):
        self.rows = {entity: [] for entity in ENTITIES}
        self.silent, self.review, self.shared = set(), [], []
        self.shared_kpj, self.niks = [], []
        self.law = load_law(None)

    def add(self, office, entity, record, person="siti", firm="maju", fact=None, seq=1, **fields):
        """One record of an office."""
        self.rows[entity].append(
            {
                "record_id": record,
                "office": office,
                "feed": f"{office}.{entity}",
                "as_of": date(2026, 9, 1),
                "first_seq": seq,
                "person_id": person,
                "employer_id": firm,
                "fact_id": fact or record,
                **fields,
            }
        )
        return self

    def known(self, day):
        """The register on one night."""
        records = {
            entity: pl.DataFrame(rows, schema={**RECORD, **facts_schema(CONTRACTS[entity])}, strict=False)
            for entity, rows in self.rows.items()
        }
        offices = [(office, REGIONS.get(office), list(entities)) for office, entities in FEEDS.items()]
        heard = [
            (office, entity)
            for office, entities in FEEDS.items()
            for entity in entities
            if office not in self.silent and (office, entity) not in self.silent
        ]
        niks = pl.DataFrame(self.niks, {**NIKS, "number": pl.String}, orient="row")
        both = [*self.review, *((other, one) for one, other in self.review)]
        pairs = {"person_id": pl.String, "other_id": pl.String}
        return Known(
            day=day,
            law=self.law,
            rules=RULES,
            records=records,
            offices=pl.DataFrame(
                offices,
                {"office": pl.String, "region": pl.String, "entities": pl.List(pl.String)},
                orient="row",
            ),
            heard=pl.DataFrame(heard, HEARD, orient="row"),
            review=pl.DataFrame(both, pairs, orient="row"),
            shared_nik=pl.DataFrame(
                self.shared, dict.fromkeys(("left_id", "right_id", "reference"), pl.String), orient="row"
            ),
            shared_kpj=pl.DataFrame(
                self.shared_kpj,
                ["left_id", "right_id"],
                orient="row",
                schema_overrides={"left_id": pl.String, "right_id": pl.String},
            ),
            niks=niks.drop("number"),
            slips=slips(niks),
        )

    def ask(self, rule, day, code=None):
        """Every case the rule looked at, with its sides opened."""
        cases = rule(self.known(day)).to_dicts()
        for case in cases:
            for name in ("side_a", "side_b"):
                case[name] = json.loads(case[name]) if case[name] else None
        return [case for case in cases if code is None or case["code"] == code]

    def opens(self, rule, day, code=None):
        """The record ids of the cases that a night would open."""
        return [case["records"] for case in self.ask(rule, day, code) if case["found"] and case["may_open"]]


@pytest.fixture
def register():
    """An empty register."""
    return Register()
