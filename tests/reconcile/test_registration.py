"""WRK-01: in WLKP, not at BPJS under this employer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jendela.reconcile import registration

REPORTED = date(2026, 7, 1)


@pytest.fixture
def budi(register):
    """Budi was reported to WLKP on 1 July by an employer whom BPJS knows, and is not at BPJS."""
    register.add("bpjs", "employer", "e1", person=None)
    return register.add("kemnaker", "employment", "w1", person="budi", registered_date=REPORTED)


@pytest.mark.parametrize(("days", "opens"), [(30, []), (31, [["w1"]])])
def test_thirty_days_of_grace(budi, days, opens):
    """On the thirtieth day nothing is wrong yet; on the day after it is."""
    assert budi.opens(registration.find, REPORTED + timedelta(days=days)) == opens


def test_both_sides_are_told(budi):
    """What WLKP says and since when, and that BPJS has nothing."""
    (case,) = budi.ask(registration.find, date(2026, 9, 1))
    assert case["side_a"] == {
        "office": "kemnaker",
        "feed": "kemnaker.employment",
        "record_id": "w1",
        "field": "registered_date",
        "value": "2026-07-01",
        "as_of": "2026-09-01",
    }
    assert case["side_b"] == {
        "office": "bpjs",
        "feed": None,
        "record_id": None,
        "field": "employment",
        "value": None,
        "as_of": "2026-09-01",
    }
    assert (case["person_id"], case["employer_id"]) == ("budi", "maju")


def test_a_spell_of_the_same_employment_is_the_answer(budi):
    """It names itself as the evidence that closes the case."""
    budi.rows["employment"][0]["fact_id"] = "f1"
    budi.add("bpjs", "employment", "b1", person="budi", fact="f1")
    (case,) = budi.ask(registration.find, date(2026, 9, 1))
    assert not case["found"]
    assert case["closing"] == "bpjs.employment: a spell at BPJS, record b1"


def test_an_older_spell_with_the_same_employer_is_not(budi):
    """Registered years ago, left, came back unregistered: another employment."""
    budi.add("bpjs", "employment", "b1", person="budi", end_date=date(2019, 1, 1))
    assert budi.opens(registration.find, date(2026, 9, 1)) == [["w1"]]


def test_an_employer_unknown_to_bpjs_is_another_matter(register):
    """That is EMP-01; nothing can be compared."""
    register.add("kemnaker", "employment", "w1", person="budi", registered_date=REPORTED)
    register.add("kemnaker", "employment", "w2", person="ani", firm=None, registered_date=REPORTED)
    assert register.ask(registration.find, date(2026, 9, 1)) == []


def test_a_worker_twice_in_the_list_is_missing_once(budi):
    """Two rows of one employment: the one that was known first gives the id, the earlier date the grace."""
    budi.rows["employment"][0]["fact_id"] = "f1"
    budi.add(
        "kemnaker", "employment", "a0", person="budi", fact="f1", seq=2, registered_date=date(2026, 8, 20)
    )
    assert budi.opens(registration.find, date(2026, 9, 1)) == [["w1"]]


def test_withheld_while_a_review_could_answer(budi):
    """A spell at this employer is of somebody who may yet be Budi: the finding waits; elsewhere it does
    not."""
    budi.add("bpjs", "employment", "b1", person="budi s")
    budi.review = [("budi", "budi s")]
    assert budi.opens(registration.find, date(2026, 9, 1)) == []
    assert budi.ask(registration.find, date(2026, 9, 1))[0]["found"]
    budi.rows["employment"][1]["employer_id"] = "jaya"
    assert budi.opens(registration.find, date(2026, 9, 1)) == [["w1"]]


def test_nothing_is_concluded_from_a_silent_bpjs(budi):
    """It opens when BPJS has delivered."""
    budi.silent = {("bpjs", "employment")}
    assert budi.opens(registration.find, date(2026, 9, 1)) == []
    budi.silent = {("bpjs", "claim")}
    assert budi.opens(registration.find, date(2026, 9, 1)) == [["w1"]]
