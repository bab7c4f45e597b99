"""EMP-03, EMP-04, EMP-06: who an employer is, what it is registered for, whether it reported again."""

from __future__ import annotations

from datetime import date

import pytest

from jendela.reconcile import firm_identity, programmes, renewals

TONIGHT = date(2026, 9, 1)
NPWP, PERSONS = "013000666091000", "053000666091000"
NAMES = ("PT. Maju Jaya, Tbk", "MAJU JAYA CABANG KARAWANG")


def firm(register, office, record, firm="maju", seq=1, **fields):
    """An employer as somebody has it."""
    return register.add(
        office, "employer", record, person=None, firm=firm, seq=seq, status="ACTIVE", **fields
    )


@pytest.mark.parametrize(
    ("a", "b", "opens"),
    [
        ({"nib": "9120000000001"}, {"nib": "9120000000002"}, True),
        ({"nib": "9120000000001"}, {"nib": "9120000000001", "employer_name": "CV LAIN"}, False),
        ({"nib": "9120000000001"}, {}, False),
        ({}, {"employer_name": "CV SINAR LAUT"}, True),
        ({}, {"employer_name": "CV"}, False),
        ({"npwp": PERSONS}, {"npwp": PERSONS, "employer_name": "CV SINAR LAUT"}, False),
        ({"npwp": "0" + NPWP}, {"employer_name": "CV SINAR LAUT"}, True),
        ({"npwp": "0" * 15}, {"npwp": "0" * 15, "employer_name": "CV SINAR LAUT"}, False),
        ({}, {"npwp": "013000666091007", "employer_name": "CV SINAR LAUT CABANG MAJU"}, True),
    ],
)
def test_one_tax_number_two_employers(register, a, b, opens):
    """By the NIB where both have one, else by the words of the name; branches have the number of the head."""
    firm(register, "bpjs", "e1", **{"npwp": NPWP, "employer_name": NAMES[0], **a})
    firm(register, "kemnaker", "e2", firm="other", **{"npwp": NPWP, "employer_name": NAMES[1], **b})
    assert register.opens(firm_identity.find, TONIGHT) == ([["e1", "e2"]] if opens else [])


def test_the_same_clash_is_one_case(register):
    """Two rows with the strange NIB, one beside the first known."""
    firm(register, "bpjs", "e1", npwp=NPWP, nib="1" * 13, employer_name="A B")
    for seq, record in ((2, "e2"), (3, "e3")):
        firm(register, "kemnaker", record, npwp=NPWP, nib="2" * 13, employer_name="A B", seq=seq)
    assert register.opens(firm_identity.find, TONIGHT) == [["e1", "e2"]]


@pytest.mark.parametrize(
    ("has", "size", "elsewhere", "opens"),
    [
        ("JHT JKK JKM JKP JP", "BESAR", None, False),
        ("JHT JKK JKM JKP", "BESAR", None, True),
        ("JHT JKK JKM JKP", "KECIL", None, False),
        ("JHT JKK JKM JKP", "KECIL", "MENENGAH", True),
        ("JKK JKM", "MIKRO", None, False),
        ("JKK", "MIKRO", None, True),
        (None, "BESAR", None, False),
        ("JKK", None, None, False),
        ("JKK", None, "MIKRO", True),
    ],
)
def test_programmes_by_size(register, has, size, elsewhere, opens):
    """The largest size that anybody knows counts, and who says so is named."""
    firm(register, "bpjs", "e1", programmes=has, enterprise_size=size)
    if elsewhere:
        firm(register, "kemnaker", "e2", enterprise_size=elsewhere)
    assert register.opens(programmes.find, TONIGHT) == ([["e1"]] if opens else [])
    if opens:
        (case,) = register.ask(programmes.find, TONIGHT)
        assert case["side_b"]["record_id"] == ("e2" if elsewhere else "e1")


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"registered_date": date(2019, 3, 12), "renewed_date": date(2025, 8, 2)}, False),
        ({"registered_date": date(2019, 3, 12), "renewed_date": date(2025, 8, 1)}, True),
        ({"renewed_date": date(2025, 8, 1)}, True),
        ({"registered_date": date(2026, 8, 1), "renewed_date": date(2025, 8, 1)}, False),
        ({"registered_date": date(2025, 8, 1)}, False),
        ({"renewed_date": date(2019, 3, 12), "status": "CLOSED"}, False),
        ({}, False),
    ],
)
def test_a_year_and_thirty_days_after_the_last_renewal(register, fields, opens):
    """What is not known is not judged; who is closed renews nothing."""
    register.add("kemnaker", "employer", "e1", person=None, **{"status": "ACTIVE", **fields})
    assert register.opens(renewals.find, TONIGHT) == ([["e1"]] if opens else [])
    register.silent = {"kemnaker"}
    assert register.opens(renewals.find, TONIGHT) == []
