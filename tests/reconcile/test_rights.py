"""PLC-01, DSQ-01, DSQ-02: work found, notices, stops."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import rights
from tests.reconcile.beneficiaries import ENDED, TONIGHT, dismissed, paid

NOTICE = "disqualification_notice"


def at_work(register, since, until=None):
    """A new spell at BPJS with another employer."""
    return register.add("bpjs", "employment", "new", firm="baru", start_date=since, end_date=until)


@pytest.mark.parametrize(
    ("since", "until", "opens"),
    [
        (date(2026, 5, 31), None, [["p3-siti"]]),  # June is paid
        (date(2026, 6, 1), None, []),  # the month in which the work begins is still paid
        (date(2026, 5, 2), date(2026, 5, 31), []),  # over before June
        (date(2026, 5, 2), date(2026, 6, 1), [["p3-siti"]]),
        (ENDED, None, []),  # began on the day of the termination: no new spell
        (date(2024, 1, 1), None, []),  # the second job that she always had
    ],
)
def test_a_new_spell_before_the_month_that_is_paid(register, since, until, opens):
    """Siti is paid for June, the third month."""
    assert at_work(paid(dismissed(register), 3), since, until).opens(rights.find, TONIGHT) == opens


def test_the_money_that_came_back_closes_it(register):
    """And the new employer is told."""
    at_work(paid(dismissed(register), 3), date(2026, 5, 4))
    (case,) = register.ask(rights.find, TONIGHT)
    assert (case["found"], case["employer_id"], case["side_b"]["record_id"]) == (True, "baru", "new")
    register.rows["benefit_payment"][0]["state"] = "RETURNED"
    (case,) = register.ask(rights.find, TONIGHT)
    assert (case["found"], case["closing"]) == (False, "the payment is RETURNED now")


SENT = date(2026, 6, 16)


@pytest.fixture
def told(register):
    """On 16 June BPJS is told that Siti refused suitable work; on 5 July June is paid."""
    paid(paid(dismissed(register), 2), 3)
    return register.add(
        "kemnaker", NOTICE, "n1", firm=None, notice_number="PBT1", claim_record="c-siti",
        reason="REFUSED_SUITABLE_WORK", sent_date=SENT,
    )  # fmt: skip


def answers(register, action, on, number="PBT1", record="h1", reason="REFUSED_SUITABLE_WORK"):
    """What BPJS did."""
    return register.add(
        "bpjs", NOTICE, record, notice_number=number, claim_record="c-siti", reason=reason,
        action=action, action_date=on,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("action", "on", "opens"),
    [
        (None, None, [["n1"]]),
        ("NONE_YET", date(2026, 6, 20), [["n1"]]),
        ("SUSPENDED", date(2026, 7, 5), []),  # on the day of the payment
        ("STOPPED", date(2026, 7, 6), [["n1"]]),  # the day after
        ("CONTINUED", date(2026, 8, 1), []),  # the payment was right
    ],
)
def test_acted_upon_by_the_next_payment(told, action, on, opens):
    """Stopping later takes no money back."""
    if action:
        answers(told, action, on)
    assert told.opens(rights.find, TONIGHT, "DSQ-01") == opens


def test_a_payment_on_the_day_of_the_notice_is_not_the_next(told):
    """It was on its way."""
    told.rows["benefit_payment"] = [row for row in told.rows["benefit_payment"] if row["month_number"] == 3]
    told.rows["benefit_payment"][0]["paid_date"] = SENT
    assert told.ask(rights.find, TONIGHT, "DSQ-01") == []


def test_what_is_ordered_is_not_paid(told):
    """BPJS may still stop it."""
    told.rows["benefit_payment"][1]["state"] = "ORDERED"
    assert told.opens(rights.find, TONIGHT, "DSQ-01") == []


def test_the_silence_of_bpjs_proves_nothing(told):
    """Its answers did not come tonight."""
    told.silent.add(("bpjs", NOTICE))
    assert told.opens(rights.find, TONIGHT, "DSQ-01") == []


@pytest.mark.parametrize(
    ("action", "reason", "opens"),
    [
        ("STOPPED", "NOT_AVAILABLE", [["h1"]]),
        ("SUSPENDED", "NOT_AVAILABLE", []),  # while BPJS asks
        ("STOPPED", "FOUND_WORK", []),  # BPJS sees the new spell itself
        ("STOPPED", "DIED", []),
    ],
)
def test_a_stop_that_nobody_told_bpjs_to_make(register, action, reason, opens):
    """No notice at all."""
    answers(dismissed(register), action, date(2026, 6, 10), None, reason=reason)
    assert register.opens(rights.find, TONIGHT, "DSQ-02") == opens


@pytest.mark.parametrize(
    ("number", "on", "opens"),
    [
        ("PBT1", date(2026, 6, 19), []),
        ("PBT1", date(2026, 6, 10), []),  # it names the notice, whatever the dates say
        ("PBT9", date(2026, 6, 10), [["h1"]]),  # a number that nobody has, before any notice
        (None, date(2026, 6, 19), []),  # the notice is not named, but was sent before
        (None, date(2026, 6, 15), [["h1"]]),
    ],
)
def test_the_notice_behind_a_stop(told, number, on, opens):
    """By its number, else by person and reason."""
    answers(told, "STOPPED", on, number)
    assert told.opens(rights.find, TONIGHT, "DSQ-02") == opens


def test_the_silence_of_the_employment_service_proves_nothing(register):
    """Its notices did not come tonight."""
    answers(dismissed(register), "STOPPED", date(2026, 6, 10), None, reason="NOT_AVAILABLE")
    register.silent.add(("kemnaker", NOTICE))
    assert register.opens(rights.find, TONIGHT, "DSQ-02") == []
