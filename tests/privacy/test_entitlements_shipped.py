"""The shipped entitlements keep the promises that are made to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from jendela.contracts.agreements import load_agreements
from jendela.contracts.codes import load_codes
from jendela.contracts.entitlements import load_entitlements
from jendela.contracts.odcs import load_contracts

ROOT = Path(__file__).parents[2]
MONEY = {
    "wage_reported", "last_wage_basic", "fixed_allowance", "last_wage_reported_bpjs", "severance_amount",
    "upmk_amount", "uph_amount", "separation_pay", "pkwt_compensation", "total_gross", "total_net",
    "wage", "back_pay", "amount_due", "fine", "amount", "training_cost", "agreed_amount",
}  # fmt: skip
GRANTS = load_entitlements(ROOT, load_contracts(ROOT), load_codes(ROOT)).granted


@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: f"{grant.recipient} {grant.entity}")
def test_who_sees_money(grant):
    """PES nothing, the centre nothing, HI the amounts of a letter copied to it, BPJS what it pays by.

    Inspection sees the wage that was reported, to supervise it, and no other amount.
    """
    seen = grant.visible & MONEY
    if grant.recipient.endswith(".inspection"):
        assert seen <= {"wage_reported"}
        assert not seen or grant.purpose == "SUPERVISION"
    elif grant.recipient != "bpjs":
        assert not grant.fields & MONEY
        assert not seen or grant.recipient.startswith("dinas.")
    if grant.recipient.endswith(".pes"):
        assert not seen


@pytest.mark.parametrize("grant", GRANTS.values(), ids=lambda grant: f"{grant.recipient} {grant.entity}")
def test_nobody_sees_the_mothers_name_and_only_bpjs_its_numbers(grant):
    """The mother's name is for matching; the participant number is BPJS's own."""
    assert "mother_maiden_name" not in grant.visible
    assert ("kpj" in grant.visible) == (grant.recipient == "bpjs")


def test_every_delivery_names_purpose_and_legal_basis():
    """Purpose binding: the same as its entitlement's, and never empty."""
    for office in load_agreements(None).offices.values():
        for spec in office.deliveries.values():
            assert spec.purpose
            assert spec.legal_basis
            assert {field.source for field in spec.fields} <= spec.entitlement.visible
