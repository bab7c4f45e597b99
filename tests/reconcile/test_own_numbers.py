"""ID-01, ID-03, ID-04, ID-05: several NIKs of one person, and what the only one says."""

from __future__ import annotations

import json
from datetime import date

import pytest

from jendela.reconcile import own_numbers

TODAY = date(2026, 9, 10)
NIK = "3215105708899001"
SLIPS = {
    "3215105708899007": "ID-01",  # a digit
    "3215105709889001": "ID-03",  # two
    "3215105078899001": "ID-01",  # neighbours exchanged
    "3215105780899001": "ID-01",  # exchanged where the parts meet
    "3313054104911234": "ID-03",
}


def has(register, record, nik=NIK, person="siti", noted=None, sex="P", seq=1, office="bpjs"):
    """A spell with its NIK opened, and what the contract noted of it."""
    register.add(office, "employment", record, person=person, noted=noted, sex=sex, seq=seq)
    if nik:
        register.niks.append((person, record, f"hash of {nik}", nik))
    return register


@pytest.mark.parametrize(("other", "code"), SLIPS.items())
def test_two_numbers_of_one_person(register, other, code):
    """By the slips between them, made of the records that had each first; the numbers are not told."""
    has(has(has(register, "b1"), "w1", other), "w2", other, seq=2)
    (case,) = register.ask(own_numbers.find, TODAY)
    assert (case["code"], case["records"]) == (code, ["b1", "w1"])
    assert NIK not in json.dumps(case["side_a"]["value"][:16])


def test_a_number_that_is_another_person_s_too_is_that_first(register):
    """ID-02 alone, for whichever of the two is shared; nor is anything said of its date."""
    for record in ("b1", "w1"):
        register.niks.clear()
        register.rows["employment"].clear()
        has(has(register, "b1", noted=["N7"]), "w1", "3313054104911234")
        shared = next(row[2] for row in register.niks if row[1] == record)
        has(register, "b9", person="rina", nik=None)
        register.shared = [(record, "b9", shared)]
        assert register.ask(own_numbers.find, TODAY) == []


def test_a_second_number_waits_for_the_reviewer(register):
    """Who may be somebody else has perhaps one."""
    has(has(register, "b1"), "w1", "3313054104911234")
    register.review = [("siti", "rina")]
    assert register.opens(own_numbers.find, TODAY) == []
    assert [case["code"] for case in register.ask(own_numbers.find, TODAY)] == ["ID-03"]


def test_the_birth_date_in_the_number(register):
    """One case a person, by the record that was first; none where it is not known which number is right."""
    has(has(register, "w1", noted=["N7"], seq=2), "b1", noted=["N5", "N7"])
    assert register.opens(own_numbers.find, TODAY, "ID-04") == [["b1"]]
    has(register, "w2", "3215105708899007", seq=3)
    assert register.opens(own_numbers.find, TODAY, "ID-04") == []


def test_two_sexes_stated(register):
    """The first that states each; what the number says adds nothing then."""
    has(has(has(register, "b1", noted=["N6"], sex="L"), "w1"), "w2", seq=2)
    assert register.opens(own_numbers.find, TODAY) == [["b1", "w1"]]


def test_the_sex_in_the_number(register):
    """Where all records state the other; a number that is shared says nothing."""
    has(has(register, "b1", noted=["N6"], sex="L"), "w1", noted=["N6"], sex="L", seq=2)
    assert register.opens(own_numbers.find, TODAY, "ID-05") == [["b1"]]
    register.shared = [("b1", "b9", f"hash of {NIK}")]
    has(register, "b9", person="rina", nik=None)
    assert register.opens(own_numbers.find, TODAY) == []


def test_a_number_without_a_date_says_nothing_of_the_sex(register):
    """A digit is wrong just there."""
    assert has(register, "b1", noted=["N3", "N6"], sex="L").opens(own_numbers.find, TODAY) == []
