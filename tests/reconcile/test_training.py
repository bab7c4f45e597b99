"""TRN-01, TRN-02: attendance of month k pays month k + 1; a training that nobody attended is not paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jendela.reconcile import training
from tests.reconcile.beneficiaries import TONIGHT, dismissed, paid


def attends(register, month, percent, number="PLT1", record="t1"):
    """The attendance of a month of 2026."""
    return register.add(
        "kemnaker", "training_attendance", record, firm=None, training_number=number,
        attendance_month=f"2026-{month:02d}", attendance_percent=percent,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("month", "percent", "opens"),
    [(5, 79, [["p3-siti"]]), (5, 80, []), (6, 10, []), (4, 10, [])],
)
def test_below_eighty_percent_in_may_makes_june_wrong(register, month, percent, opens):
    """Siti is paid for June. The attendance of June is for July, that of April was for May."""
    assert attends(paid(dismissed(register), 3), month, percent).opens(training.find, TONIGHT) == opens


def test_across_the_year(register):
    """December's attendance is for January."""
    paid(dismissed(register), 3, date(2027, 2, 5), benefit_month="2027-01")
    assert attends(register, 12, 50).opens(training.find, date(2027, 3, 1)) == [["p3-siti"]]


def test_the_better_of_two_trainings_counts(register):
    """She changed the training in the middle of the month."""
    attends(attends(paid(dismissed(register), 3), 5, 30), 5, 90, "PLT2", "t2")
    assert register.opens(training.find, TONIGHT) == []


def test_before_the_law_gave_a_percentage_nothing_is_judged(register):
    """Permenaker 2/2025 applies from 7 February 2025."""
    paid(dismissed(register), 3, date(2025, 2, 6))
    assert attends(register, 5, 10).opens(training.find, TONIGHT) == []


def test_money_that_came_back_closes_it(register):
    """The payment was returned."""
    paid(dismissed(register), 3, state="RETURNED")
    (case,) = attends(register, 5, 65).ask(training.find, TONIGHT)
    assert (case["found"], case["closing"]) == (False, "the payment is RETURNED now")


PAID = date(2026, 6, 15)


@pytest.fixture
def course(register):
    """The cost of PLT1 was paid on 15 June."""
    return paid(dismissed(register), 1, PAID, kind="TRAINING", training_number="PLT1", benefit_month=None)


def test_nobody_ever_came(course):
    """Two months are told, in neither of which anybody attended."""
    attends(attends(course, 5, 0), 6, 0, record="t2")
    assert course.opens(training.find, TONIGHT, "TRN-02") == [["p1-siti"]]
    attends(course, 7, 5, record="t3")
    assert course.opens(training.find, TONIGHT, "TRN-02") == []


@pytest.mark.parametrize(("days", "opens"), [(60, []), (61, [["p1-siti"]])])
def test_nothing_is_told_of_it(course, days, opens):
    """For sixty days attendance may be unrecorded yet."""
    assert course.opens(training.find, PAID + timedelta(days=days), "TRN-02") == opens


def test_the_silence_of_the_ministry_proves_nothing(course):
    """Attendance did not come tonight; what is recorded already still speaks."""
    course.silent.add(("kemnaker", "training_attendance"))
    assert course.opens(training.find, TONIGHT, "TRN-02") == []
    assert attends(course, 5, 0).opens(training.find, TONIGHT, "TRN-02") == [["p1-siti"]]
