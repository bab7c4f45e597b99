"""Siti, dismissed on 2 April 2026, whose claim was granted on the 14th: April is her first month."""

from __future__ import annotations

from datetime import date

ENDED = date(2026, 4, 2)
TONIGHT = date(2026, 9, 1)


def dismissed(register, person="siti", wage=4_000_000, cause="TERMINATION", ended=ENDED, status="APPROVED"):
    """A spell at BPJS that ended, a claim for it, and a registration as job-seeker."""
    register.add(
        "bpjs", "employment", f"b-{person}", person, start_date=date(2021, 3, 1), end_date=ended,
        end_cause=cause, wage_reported=wage,
    )  # fmt: skip
    register.add(
        "bpjs", "claim", f"c-{person}", person, claim_number=f"JKP-{person}", status=status,
        filed_date=date(2026, 4, 8), termination_date=ended,
    )  # fmt: skip
    return register.add(
        "kemnaker", "pes_registration", f"r-{person}", person, firm=None, status="CLOSED",
        registered_date=date(2026, 4, 8),
    )  # fmt: skip


def paid(register, number, on=None, person="siti", amount=2_400_000, state="PAID", **fields):
    """The month `number` of the benefit, paid on the fifth of the next month unless said otherwise."""
    month = 3 + number
    register.add(
        "bpjs", "benefit_payment", f"p{number}-{person}", person,
        **{
            "claim_record": f"c-{person}",
            "claim_number": f"JKP-{person}",
            "kind": "CASH",
            "month_number": number,
            "benefit_month": f"2026-{month:02d}",
            "state": state,
            "paid_date": on or date(2026, month + 1, 5),
            "amount": amount,
            "account_reference": f"account of {person}",
            "holder_likeness": 100,
            **fields,
        },
    )  # fmt: skip
    return register


def reported(register, month, applications=5, interviews=0, person="siti", record=None, **fields):
    """The report of a month of 2026."""
    return register.add(
        "kemnaker", "pes_activity", record or f"a{month}-{person}", person, firm=None,
        activity_month=f"2026-{month:02d}", applications=applications, interviews=interviews, **fields,
    )  # fmt: skip
