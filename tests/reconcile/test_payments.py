"""PAY-01 to PAY-04: accounts, holders, amounts by the law of the day, and months."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import payments
from tests.reconcile.beneficiaries import TONIGHT, dismissed, paid


def test_one_account_two_persons(register):
    """Siti and Budi are paid to one account; both payments make the case, and the account is a keyed hash."""
    for person in ("siti", "budi"):
        paid(dismissed(register, person), 1, person=person, account_reference="one")
    assert register.opens(payments.find, TONIGHT, "PAY-01") == [["p1-budi", "p1-siti"]]


def test_one_account_one_person_in_two_claims(register):
    """A second claim years later goes to the same account."""
    paid(dismissed(register), 1)
    paid(register, 2, claim_record="another")
    assert register.opens(payments.find, TONIGHT, "PAY-01") == []


def test_two_persons_who_may_be_one_wait_for_the_review(register):
    """Nothing is concluded until a reviewer has said who they are."""
    for person in ("siti", "budi"):
        paid(dismissed(register, person), 1, person=person, account_reference="one")
    register.review.append(("siti", "budi"))
    assert register.opens(payments.find, TONIGHT, "PAY-01") == []


def test_money_that_came_back_shares_nothing(register):
    """The bank returned one of the two."""
    paid(dismissed(register), 1, account_reference="one")
    paid(dismissed(register, "budi"), 1, person="budi", account_reference="one", state="RETURNED")
    assert register.opens(payments.find, TONIGHT, "PAY-01") == []


@pytest.mark.parametrize(("likeness", "opens"), [(100, []), (75, []), (74, [["p1-siti"]]), (None, [])])
def test_a_holder_unlike_the_claimant(register, likeness, opens):
    """75 % is alike enough; an unknown holder contradicts nothing."""
    paid(dismissed(register), 1, holder_likeness=likeness)
    assert register.opens(payments.find, TONIGHT, "PAY-02") == opens


@pytest.mark.parametrize(
    ("wage", "number", "on", "amount", "opens"),
    [
        # The table of the law: 3,200,000, 5,000,000 and 7,500,000.
        (3_200_000, 1, date(2026, 5, 5), 1_920_000, False),
        (5_000_000, 1, date(2026, 5, 5), 3_000_000, False),
        (7_500_000, 1, date(2026, 5, 5), 3_000_000, False),
        (7_500_000, 1, date(2026, 5, 5), 4_500_000, True),  # no cap
        (3_200_000, 1, date(2025, 2, 6), 1_440_000, False),  # the old law, the day before
        (3_200_000, 1, date(2025, 2, 6), 1_920_000, True),
        (3_200_000, 1, date(2025, 2, 7), 1_440_000, True),  # running on 7 February: the new one
        (3_200_000, 1, date(2025, 2, 7), 1_920_000, False),
        (3_200_000, 4, date(2025, 2, 6), 800_000, False),  # months 4 to 6 of old
        (3_200_000, 4, date(2025, 2, 6), 1_440_000, True),
        (5_000_000, 3, date(2024, 12, 5), 2_250_000, False),
        (5_000_000, 4, date(2025, 2, 7), 3_000_000, False),
        (3_333_333, 1, date(2026, 5, 5), 2_000_001, False),  # one rupiah of rounding
        (3_333_333, 1, date(2026, 5, 5), 2_000_002, True),
    ],
)
def test_the_percentage_of_the_capped_wage_by_the_law_of_the_day(register, wage, number, on, amount, opens):
    """PP 6/2025 Pasal 21 and, until 6 February 2025, PP 37/2021."""
    paid(dismissed(register, wage=wage), number, on, amount=amount)
    found = register.opens(payments.find, TONIGHT, "PAY-03")
    assert found == ([[f"p{number}-siti"]] if opens else [])


def test_a_wage_of_another_job_is_not_the_measure(register):
    """Siti has another spell; only the one that is claimed for counts, with any wage that BPJS has for it."""
    paid(dismissed(register), 1)
    register.add(
        "bpjs", "employment", "b2",
        end_date=date(2023, 1, 1), end_cause="RESIGNATION", wage_reported=9_000_000,
    )  # fmt: skip
    assert register.opens(payments.find, TONIGHT, "PAY-03") == []


def test_without_a_spell_that_ended_then_no_amount_is_judged(register):
    """That is CLM-03."""
    paid(dismissed(register), 1, amount=1)
    register.rows["employment"].clear()
    assert register.ask(payments.find, TONIGHT, "PAY-03") == []


def test_a_corrected_amount_closes_it(register):
    """The same payment, the right amount: what closes it is told."""
    paid(dismissed(register), 1, amount=1_800_000)
    (case,) = register.ask(payments.find, TONIGHT, "PAY-03")
    assert (case["side_b"]["office"], case["side_b"]["value"]) == ("pp-6-2025", "2400000")
    register.rows["benefit_payment"][0]["amount"] = 2_400_000
    (case,) = register.ask(payments.find, TONIGHT, "PAY-03")
    assert (case["found"], case["closing"]) == (False, "the amount is that of the law")
    register.rows["benefit_payment"][0].update(amount=1, state="RETURNED")
    (case,) = register.ask(payments.find, TONIGHT, "PAY-03")
    assert (case["found"], case["closing"]) == (False, "the payment is RETURNED now")


def test_the_seventh_month(register):
    """Six are paid; the seventh is a case."""
    dismissed(register)
    for number in range(1, 8):
        paid(register, number)
    assert register.opens(payments.find, TONIGHT, "PAY-04") == [["p7-siti"]]


def test_seven_months_numbered_as_six(register):
    """Whatever its number says: the seventh different month of a claim is one too many."""
    dismissed(register)
    for number in range(1, 8):
        paid(register, number, month_number=min(number, 6))
    assert register.opens(payments.find, TONIGHT, "PAY-04") == [["p7-siti"]]


def test_a_month_paid_twice_is_no_seventh_month(register):
    """The bank returned the first payment of a month and BPJS paid it again."""
    dismissed(register)
    for number in range(1, 7):
        paid(register, number)
    register.rows["benefit_payment"][0]["state"] = "RETURNED"
    paid(register, 1, record_id="again")
    assert register.opens(payments.find, TONIGHT, "PAY-04") == []


def test_a_training_is_no_month(register):
    """Its cost has its own codes."""
    paid(dismissed(register), 7, kind="TRAINING")
    assert register.ask(payments.find, TONIGHT) == []
