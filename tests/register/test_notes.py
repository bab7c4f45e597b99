"""What a contract notes of a row stands beside its facts, and is no fact of its own."""

from __future__ import annotations

import json

import polars as pl

from jendela.contracts.agreements import load_agreements
from jendela.contracts.facts import NOTED, decode, facts_schema
from jendela.register.versions import noted, record_versions

AGREEMENTS = load_agreements(None)
FEED = AGREEMENTS.feed("bpjs.tk_kepesertaan")
WARNINGS = pl.DataFrame(
    [
        ("b1", "employment", "N7", "note"),
        ("b1", "employment", "N3", "note"),
        ("b1", "employment", "N3", "note"),
        ("b2", "employment", "N1", "set_aside"),
        ("b2", "claim", "N7", "note"),
    ],
    schema=["_record_id", "entity", "rule", "outcome"],
    orient="row",
)


def test_rules_that_are_only_noted_stand_beside_the_facts():
    """Each once, in order; what was set aside is gone already, and another entity's is another's."""
    rows = pl.DataFrame({"_record_id": ["b2", "b1"], "_row_hash": ["h", "h"], "npp": ["A", "B"]})
    contracts = AGREEMENTS.contracts
    versions = record_versions({"employment": rows}, FEED, 1, contracts, 1, noted(WARNINGS))
    assert versions["record_id"].to_list() == ["b2", "b1"]
    facts = [json.loads(text) for text in versions["facts"]]
    assert facts == [{"npp": "A"}, {"npp": "B", NOTED: "N3 N7"}]
    plain = record_versions({"employment": rows}, FEED, 1, contracts, 1, noted(WARNINGS.clear()))
    assert [json.loads(text) for text in plain["facts"]] == [{"npp": "A"}, {"npp": "B"}]


def test_who_reads_the_facts_of_the_contract_does_not_see_them():
    """They are no field, so nothing is delivered or consolidated of them."""
    schema = facts_schema(AGREEMENTS.contracts["employment"])
    told = decode(pl.DataFrame({"facts": [f'{{"npp":"A","{NOTED}":"N7"}}']}), "facts", schema)
    assert told.columns == list(schema)
    assert told["npp"].to_list() == ["A"]
