"""What a contract notes of a row stands beside its facts, and is no fact of its own."""

from __future__ import annotations

import json
from datetime import date

import polars as pl

from jendela.contracts.agreements import load_agreements
from jendela.contracts.facts import MONEY, NOTED, decode, encode, encode_rows, facts_schema, with_notes
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


def test_a_rule_is_noted_of_a_row_without_facts():
    """What is left is still an object."""
    assert pl.select(with_notes(pl.lit("{}"), pl.lit("N1"))).item() == f'{{"{NOTED}":"N1"}}'


def test_facts_that_repeat_themselves_are_the_same_facts_without_nulls():
    """Whether text comes coded or not, with what JSON must escape; a row of nulls is an empty object."""
    said = ['a "b"\\\n', None, "é", 'a "b"\\\n']
    rows = pl.DataFrame(
        {
            "text": said,
            "code": pl.Series(said, dtype=pl.Enum(["unused", "é", 'a "b"\\\n'])),
            "day": [date(2026, 9, 1), None, date(1, 1, 1), date(2026, 9, 1)],
            "wage": pl.Series(["1.5", None, "2500000", "1.5"]).cast(MONEY),
            "count": [1, None, -3, 1],
            "never": pl.Series([None] * 4, dtype=pl.String),
        }
    )
    schema = {
        "text": pl.String(),
        "code": pl.String(),
        "day": pl.Date(),
        "wage": MONEY,
        "count": pl.Int64(),
        "never": pl.String(),
    }
    facts = encode_rows(schema, rows)
    plain = rows.select(encode(schema, rows.columns)).to_series()
    expected = [{k: v for k, v in json.loads(text).items() if v is not None} for text in plain]
    assert [json.loads(text) for text in facts] == expected
    assert facts[1] == "{}"
    read = decode(facts.alias("facts").to_frame(), "facts", schema)
    assert read.rows() == rows.with_columns(pl.col("code").cast(pl.String)).rows()
    assert encode_rows(schema, rows.select("never")).to_list() == ["{}"] * 4


def test_who_reads_the_facts_of_the_contract_does_not_see_them():
    """They are no field, so nothing is delivered or consolidated of them."""
    schema = facts_schema(AGREEMENTS.contracts["employment"])
    told = decode(pl.DataFrame({"facts": [f'{{"npp":"A","{NOTED}":"N7"}}']}), "facts", schema)
    assert told.columns == list(schema)
    assert told["npp"].to_list() == ["A"]
