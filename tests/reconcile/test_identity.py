"""ID-02: one NIK, two people; the report names neither."""

from __future__ import annotations

import json
from datetime import date

from jendela.reconcile import identity

TODAY = date(2026, 9, 10)


def test_one_case_per_pair_of_persons(register):
    """Four records of two people share a NIK: one finding, made of the pair that was known first."""
    register.add("bpjs", "employment", "b1", person="siti").add(
        "bpjs", "employment", "b2", person="rina", seq=2
    )
    register.add("kemnaker", "employment", "w1", person="rina").add(
        "kemnaker", "employment", "w2", person="siti", seq=2
    )
    register.shared = [("b1", "b2", "ab" * 32), ("b1", "w1", "ab" * 32), ("w1", "w2", "ab" * 32)]
    assert register.opens(identity.find, TODAY) == [["b1", "w1"]]


def test_a_third_person_makes_three_pairs(register):
    """Each pair is a case of its own."""
    for record, person in (("b1", "siti"), ("b2", "rina"), ("b3", "dewi")):
        register.add("bpjs", "employment", record, person=person)
    register.shared = [("b1", "b2", "n"), ("b1", "b3", "n"), ("b2", "b3", "n")]
    assert sorted(register.opens(identity.find, TODAY)) == [["b1", "b2"], ["b1", "b3"], ["b2", "b3"]]


def test_values_are_references(register):
    """A keyed reference to the NIK, the same on both sides, and to the person."""
    register.add("bpjs", "employment", "b1", person="p" * 64).add("bpjs", "claim", "k1", person="q" * 64)
    register.shared = [("b1", "k1", "ab" * 32)]
    (case,) = register.ask(identity.find, TODAY)
    assert case["side_a"]["value"] == f"NIK abababababab of person {'p' * 12}"
    assert case["side_b"]["value"] == f"NIK abababababab of person {'q' * 12}"
    assert "ab" * 32 not in json.dumps(case["side_a"])


def test_a_reviewer_made_them_one(register):
    """Then nothing is shared any more; nor with a record that is gone."""
    register.add("bpjs", "employment", "b1").add("bpjs", "employment", "b2")
    register.shared = [("b1", "b2", "n"), ("b1", "gone", "n")]
    assert register.ask(identity.find, TODAY) == []


def test_one_participant_number_on_two_persons(register):
    """ID-06: the reference is the card's at BPJS, if one of the two is a spell there."""
    register.add("bpjs", "employment", "b1", person="siti", card_reference="c" * 64)
    register.add("bpjs", "claim", "k1", person="rina")
    register.shared_kpj = [("b1", "k1")]
    (case,) = register.ask(identity.find, TODAY, "ID-06")
    assert case["records"] == ["b1", "k1"]
    assert case["side_b"]["value"] == f"KPJ {'c' * 12} of person rina"
    register.rows["claim"][0]["person_id"] = "siti"
    assert register.ask(identity.find, TODAY) == []
