"""MON-01 to MON-04: proof of month k pays month k; five applications or one interview."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import search
from tests.reconcile.beneficiaries import TONIGHT, dismissed, paid, reported


@pytest.fixture
def beneficiary(register):
    """Siti is paid for May, the second month of her benefit."""
    return paid(dismissed(register), 2)


@pytest.mark.parametrize(
    ("applications", "interviews", "opens"),
    [(5, 0, []), (4, 0, [["p2-siti"]]), (4, 1, []), (0, 1, []), (None, None, [["p2-siti"]])],
)
def test_five_applications_or_one_interview(beneficiary, applications, interviews, opens):
    """On both sides of the law."""
    reported(beneficiary, 5, applications, interviews)
    assert beneficiary.opens(search.find, TONIGHT, "MON-01") == opens


def test_proof_of_another_month_pays_nothing(beneficiary):
    """April and June are reported, May is not."""
    reported(reported(beneficiary, 4, 9), 6, 9)
    assert beneficiary.opens(search.find, TONIGHT, "MON-01") == [["p2-siti"]]


def test_the_first_month_needs_no_proof(register):
    """It is paid on the application."""
    assert paid(dismissed(register), 1).opens(search.find, TONIGHT, "MON-01") == []


def test_before_the_law_gave_numbers_nothing_is_judged(beneficiary):
    """Permenaker 2/2025 applies from 7 February 2025."""
    beneficiary.rows["benefit_payment"][0]["paid_date"] = date(2025, 2, 6)
    assert beneficiary.ask(search.find, TONIGHT, "MON-01") == []


def test_who_attended_training_in_the_month_before_is_paid(beneficiary):
    """80 % in April is enough for May; 79 is not."""
    beneficiary.add(
        "kemnaker", "training_attendance", "t1", firm=None, training_number="PLT1",
        attendance_month="2026-04", attendance_percent=80,
    )  # fmt: skip
    assert beneficiary.opens(search.find, TONIGHT, "MON-01") == []
    beneficiary.rows["training_attendance"][0]["attendance_percent"] = 79
    assert beneficiary.opens(search.find, TONIGHT, "MON-01") == [["p2-siti"]]


def test_a_report_that_comes_late_closes_it(beneficiary):
    """It names itself."""
    reported(beneficiary, 5)
    (case,) = beneficiary.ask(search.find, TONIGHT, "MON-01")
    assert case["closing"] == "kemnaker.pes_activity: a report of that month, record a5-siti"


def test_the_silence_of_the_ministry_proves_nothing(beneficiary):
    """Its reports did not come tonight."""
    beneficiary.silent.add(("kemnaker", "pes_activity"))
    assert beneficiary.opens(search.find, TONIGHT, "MON-01") == []


def test_who_is_registered_nowhere_is_another_matter(beneficiary):
    """PES-01."""
    beneficiary.rows["pes_registration"].clear()
    assert beneficiary.ask(search.find, TONIGHT, "MON-01") == []


def test_who_is_registered_only_where_no_reports_are_kept(beneficiary):
    """Karawang has a register of job-seekers, and keeps their reports to itself."""
    beneficiary.rows["pes_registration"][0]["office"] = "dinas_3215"
    assert beneficiary.ask(search.find, TONIGHT, "MON-01") == []


def test_a_report_of_somebody_who_may_be_the_same_person(beneficiary):
    """Their registration is under review: the report may be Siti's."""
    reported(beneficiary, 5, person="sitti")
    beneficiary.review.append(("siti", "sitti"))
    assert beneficiary.opens(search.find, TONIGHT, "MON-01") == []


@pytest.mark.parametrize(
    ("may", "applications", "interviews", "opens"),
    [
        ("A B C D E", 5, 0, [["a5-siti"]]),
        ("A B C D E", 5, 1, []),  # an interview is proof enough
        ("E F G H I J", 6, 0, []),  # one again, five new ones
        ("E F G H I", 5, 0, [["a5-siti"]]),  # one again, four new ones
        ("F G H I J", 5, 0, []),
        (None, 5, 0, []),
    ],
)
def test_the_same_applications_again(register, may, applications, interviews, opens):
    """April hands in A to E."""
    reported(dismissed(register), 4, application_numbers="A B C D E")
    reported(register, 5, applications, interviews, application_numbers=may)
    assert register.opens(search.find, TONIGHT, "MON-02") == opens


def test_another_person_s_applications_are_no_reuse(register):
    """Numbers are compared within a person."""
    reported(dismissed(register), 4, application_numbers="A B C D E")
    reported(dismissed(register, "budi"), 5, person="budi", application_numbers="A B C D E")
    assert register.opens(search.find, TONIGHT, "MON-02") == []


@pytest.mark.parametrize(
    ("since", "until", "opens"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), []),
        (date(2026, 4, 30), date(2026, 5, 31), [["a5-siti"]]),
        (date(2026, 5, 1), date(2026, 6, 1), [["a5-siti"]]),
        (None, date(2026, 5, 31), []),
        (None, None, []),
    ],
)
def test_proof_dated_outside_the_month(register, since, until, opens):
    """The first and the last day of May are in May."""
    reported(dismissed(register), 5, proof_from_date=since, proof_to_date=until)
    assert register.opens(search.find, TONIGHT, "MON-03") == opens


def test_december_ends_with_the_year(register):
    """Months are numbers across the year."""
    reported(dismissed(register), 12, proof_from_date=date(2026, 12, 1), proof_to_date=date(2026, 12, 31))
    assert register.opens(search.find, date(2027, 1, 9), "MON-03") == []


@pytest.mark.parametrize(
    ("meeting", "month", "opens"),
    [
        ("NO_SHOW", 5, [["p2-siti"]]),
        ("EXCUSED", 5, []),
        ("ATTENDED", 5, []),
        (None, 5, []),
        ("NO_SHOW", 4, []),  # April's meeting, May is paid
    ],
)
def test_paid_though_the_meeting_was_missed(beneficiary, meeting, month, opens):
    """Excused is not missed."""
    reported(beneficiary, month, meeting=meeting)
    assert beneficiary.opens(search.find, TONIGHT, "MON-04") == opens
