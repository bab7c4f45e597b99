"""WRK-03, WRK-04, PES-02: two starts, two employments at once, seeking work while at work."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jendela.reconcile import spells
from tests.reconcile.beneficiaries import TONIGHT

STARTED = date(2023, 5, 15)


@pytest.mark.parametrize(
    ("days", "opens"), [(30, []), (-30, []), (31, [["w1"]]), (-31, [["w1"]]), (None, [])]
)
def test_the_starts_of_one_employment(register, days, opens):
    """Thirty days are agreed, either way; a start that WLKP does not have says nothing."""
    start = STARTED + timedelta(days=days) if days is not None else None
    register.add("kemnaker", "employment", "w1", fact="f1", start_date=start)
    register.add("bpjs", "employment", "b1", fact="f1", start_date=STARTED)
    assert register.opens(spells.find, TONIGHT, "WRK-03") == opens


def test_a_spell_that_was_split_has_the_start_in_one_part(register):
    """BPJS has the employment in two spells; the first began when WLKP says."""
    register.add("kemnaker", "employment", "w1", fact="f1", start_date=STARTED)
    register.add("bpjs", "employment", "b1", fact="f1", start_date=STARTED, end_date=date(2024, 1, 1))
    register.add("bpjs", "employment", "b2", fact="f1", start_date=date(2024, 1, 2))
    assert register.opens(spells.find, TONIGHT, "WRK-03") == []


SINCE = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("until", "opens"),
    [
        (SINCE - timedelta(days=1), []),
        (SINCE + timedelta(days=30), []),  # a notice that ran while the next job began
        (SINCE + timedelta(days=31), [["b2"]]),
        (None, [["b2"]]),
    ],
)
def test_two_employers_at_once(register, until, opens):
    """The second began on 2 March."""
    register.add("bpjs", "employment", "b1", start_date=date(2022, 9, 5), end_date=until)
    register.add("bpjs", "employment", "b2", firm="lain", start_date=SINCE)
    assert register.opens(spells.find, TONIGHT, "WRK-04") == opens


def test_two_that_have_overlapped_for_thirty_days_only(register):
    """Both run; by tonight it is too early to say anything."""
    register.add("bpjs", "employment", "b1", start_date=date(2022, 9, 5))
    register.add("bpjs", "employment", "b2", firm="lain", start_date=TONIGHT - timedelta(days=30))
    assert register.opens(spells.find, TONIGHT, "WRK-04") == []
    assert register.opens(spells.find, TONIGHT + timedelta(days=1), "WRK-04") == [["b2"]]


def test_two_divisions_of_one_employer_are_one_employment(register):
    """The same employer twice is another matter."""
    register.add("bpjs", "employment", "b1", fact="f1", start_date=date(2022, 9, 5))
    register.add("bpjs", "employment", "b2", fact="f1", start_date=SINCE)
    assert register.opens(spells.find, TONIGHT, "WRK-04") == []


def test_three_employers_one_case_each_for_the_later_two(register):
    """A case is the later spell."""
    for number, start in enumerate((date(2022, 1, 3), date(2023, 1, 2), date(2024, 1, 1)), 1):
        register.add("bpjs", "employment", f"b{number}", firm=f"firm {number}", start_date=start)
    assert sorted(register.opens(spells.find, TONIGHT, "WRK-04")) == [["b2"], ["b3"]]


SEEKS = date(2026, 7, 13)


@pytest.fixture
def seeker(register):
    """Dewi registered on 13 July and works since 2023."""
    register.add("bpjs", "employment", "b1", "dewi", start_date=date(2023, 1, 9))
    return register.add(
        "kemnaker", "pes_registration", "r1", "dewi", firm=None, status="ACTIVE", registered_date=SEEKS
    )  # fmt: skip


@pytest.mark.parametrize(("days", "opens"), [(30, []), (31, [["r1"]])])
def test_thirty_days_after_the_registration(seeker, days, opens):
    """BPJS may learn of the end days later."""
    assert seeker.opens(spells.find, SEEKS + timedelta(days=days), "PES-02") == opens


@pytest.mark.parametrize(("days", "opens"), [(30, []), (31, [["r1"]])])
def test_thirty_days_after_the_work_began(seeker, days, opens):
    """She found work; the registration ends days later."""
    seeker.rows["employment"][0]["start_date"] = began = date(2026, 8, 10)
    assert seeker.opens(spells.find, began + timedelta(days=days), "PES-02") == opens


@pytest.mark.parametrize("status", ["PLACED", "LAPSED", "CLOSED", None])
def test_a_registration_that_is_not_active(seeker, status):
    """And what closes it says so."""
    seeker.rows["pes_registration"][0]["status"] = status
    (case,) = seeker.ask(spells.find, TONIGHT, "PES-02")
    assert (case["found"], case["closing"]) == (False, f"the registration is {status or '-'} now")


def test_a_registration_that_has_run_out(seeker):
    """Nobody renewed it."""
    seeker.rows["pes_registration"][0]["valid_until"] = TONIGHT - timedelta(days=1)
    assert seeker.opens(spells.find, TONIGHT, "PES-02") == []


def test_the_end_that_somebody_told_of(seeker):
    """A report at an office, a letter or a claim: BPJS is only behind."""
    seeker.add("dinas_3215", "termination_case", "l1", "dewi", effective_date=date(2026, 7, 1))
    assert seeker.opens(spells.find, TONIGHT, "PES-02") == []
    seeker.rows["termination_case"][0]["effective_date"] = date(2019, 7, 1)  # of an earlier employment
    assert seeker.opens(spells.find, TONIGHT, "PES-02") == [["r1"]]


def test_the_silence_of_bpjs_proves_nothing(seeker):
    """The spell may have ended since."""
    seeker.silent.add(("bpjs", "employment"))
    assert seeker.opens(spells.find, TONIGHT, "PES-02") == []
