"""CLM-02, CLM-03, CLM-05, CLM-06: two claims, a claim about nothing, a denial and a payment amiss."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jendela.reconcile import claimants
from tests.reconcile.beneficiaries import ENDED, TONIGHT, dismissed, paid


def claims_again(register, status="FILED", filed=date(2026, 4, 28), ended=ENDED):
    """Siti's second claim."""
    return register.add(
        "bpjs", "claim", "c2", claim_number="JKP-2", status=status, filed_date=filed, termination_date=ended
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "opens"),
    [
        ("APPROVED", "FILED", [["c2"]]),
        ("FILED", "UNDER_REVIEW", [["c2"]]),
        ("REJECTED", "FILED", []),  # she may file again
        ("WITHDRAWN", "FILED", []),
        ("APPROVED", "WITHDRAWN", []),
        ("APPROVED", "REJECTED", []),
    ],
)
def test_the_later_of_two_claims(register, first, second, opens):
    """Only claims that may still be paid count."""
    assert claims_again(dismissed(register, status=first), second).opens(claimants.find, TONIGHT) == opens


@pytest.mark.parametrize(("days", "opens"), [(60, [["c2"]]), (61, [])])
def test_two_terminations_are_two_claims(register, days, opens):
    """Sixty days apart may be one termination told twice."""
    again = ENDED + timedelta(days=days)
    claims_again(dismissed(register), filed=date(2026, 7, 1), ended=again)
    assert register.opens(claimants.find, TONIGHT, "CLM-02") == opens


def test_withdrawing_the_first_closes_it_too(register):
    """The evidence says which claim is what now."""
    claims_again(dismissed(register))
    register.rows["claim"][0]["status"] = "WITHDRAWN"
    (case,) = register.ask(claimants.find, TONIGHT, "CLM-02")
    assert (case["found"], case["closing"]) == (False, "the claim is WITHDRAWN now")


@pytest.mark.parametrize(("days", "opens"), [(60, []), (61, [["c-siti"]])])
def test_a_claim_about_a_day_on_which_nothing_ended(register, days, opens):
    """The spell ended, but so many days before."""
    dismissed(register)
    register.rows["employment"][0]["end_date"] = ENDED - timedelta(days=days)
    assert register.opens(claimants.find, TONIGHT, "CLM-03") == opens


def test_a_report_or_a_letter_at_an_office_is_an_end_too(register):
    """BPJS has not been told yet: that is another code."""
    dismissed(register)
    register.rows["employment"][0]["end_date"] = None
    assert register.opens(claimants.find, TONIGHT, "CLM-03") == [["c-siti"]]
    register.add("dinas_3215", "termination_case", "l1", effective_date=ENDED, reason_code="R422")
    (case,) = register.ask(claimants.find, TONIGHT, "CLM-03")
    assert case["closing"] == "dinas_3215.termination_case: an end about that day, record l1"


@pytest.mark.parametrize("status", ["REJECTED", "WITHDRAWN"])
def test_a_claim_that_is_over_needs_no_end(register, status):
    """Nobody is paid."""
    dismissed(register, status=status)
    register.rows["employment"].clear()
    assert register.opens(claimants.find, TONIGHT, "CLM-03") == []


def test_silence_proves_no_missing_end(register):
    """Neither that of BPJS nor that of the office of the workplace."""
    dismissed(register)
    register.rows["employment"].clear()
    register.rows["claim"][0]["workplace_region"] = "3215"
    assert register.opens(claimants.find, TONIGHT, "CLM-03") == [["c-siti"]]
    for silent in (("bpjs", "employment"), ("dinas_3215", "termination_case")):
        register.silent = {silent}
        assert register.opens(claimants.find, TONIGHT, "CLM-03") == []


def test_an_end_of_somebody_who_may_be_the_claimant(register):
    """The spell is under another person, whom a reviewer is to look at."""
    dismissed(register)
    register.rows["employment"][0]["person_id"] = "sitti"
    register.review.append(("siti", "sitti"))
    assert register.opens(claimants.find, TONIGHT, "CLM-03") == []


@pytest.mark.parametrize(
    ("rejection", "reason", "on", "opens"),
    [
        ("RESIGNED", "R422", ENDED, [["c-siti"]]),
        ("MISSING_PROOF", "R422", ENDED, []),  # CLM-04
        ("RESIGNED", "R50", ENDED, []),  # the office says resigned too
        ("RESIGNED", "RUNK", ENDED, []),  # the office does not know
        ("RESIGNED", "R422", ENDED - timedelta(days=61), []),  # another end
    ],
)
def test_denied_as_resigned_though_reported_as_dismissed(register, rejection, reason, on, opens):
    """The report of the office contradicts the denial."""
    dismissed(register, status="REJECTED")
    register.rows["claim"][0]["rejection_reason"] = rejection
    register.add("dinas_3215", "termination_case", "l1", effective_date=on, reason_code=reason)
    assert register.opens(claimants.find, TONIGHT, "CLM-05") == opens


@pytest.mark.parametrize(
    ("cause", "opens"),
    [
        ("RESIGNATION", [["c-siti"]]),
        ("CONTRACT_END", [["c-siti"]]),
        ("RETIREMENT", [["c-siti"]]),
        ("TOTAL_DISABILITY", [["c-siti"]]),
        ("TERMINATION", []),
        ("UNKNOWN", []),
        (None, []),
    ],
)
def test_paid_though_the_cause_gives_no_right(register, cause, opens):
    """PP 37/2021 Pasal 20; an unknown cause says nothing."""
    paid(dismissed(register, cause=cause), 1)
    assert register.opens(claimants.find, TONIGHT, "CLM-06") == opens


def test_granted_is_not_paid(register):
    """Nothing has left yet; or it came back."""
    dismissed(register, cause="RESIGNATION")
    assert register.opens(claimants.find, TONIGHT, "CLM-06") == []
    paid(register, 1, state="RETURNED")
    assert register.opens(claimants.find, TONIGHT, "CLM-06") == []


def test_a_report_of_a_dismissal_contradicts_the_cause(register):
    """Then nobody knows which is right, and LET-05 asks industrial relations."""
    paid(dismissed(register, cause="RESIGNATION"), 1)
    register.add("dinas_3215", "termination_case", "l1", effective_date=ENDED, reason_code="R422")
    (case,) = register.ask(claimants.find, TONIGHT, "CLM-06")
    assert (case["found"], case["closing"]) == (False, "an office has a report of a dismissal")


def test_one_of_two_jobs_gives_the_right(register):
    """She resigned from the one and was dismissed from the other in the same week."""
    paid(dismissed(register), 1)
    register.rows["claim"][0]["employer_id"] = None
    register.add(
        "bpjs", "employment", "b2", firm="lain", end_date=ENDED, end_cause="RESIGNATION"
    )  # fmt: skip
    assert register.opens(claimants.find, TONIGHT, "CLM-06") == []
