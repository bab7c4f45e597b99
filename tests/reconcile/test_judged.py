"""LET-03 and LET-04: what a letter says itself, by the law of its effective date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jendela.reconcile import judged

TODAY = date(2026, 10, 15)
NOTICE = {
    "letter_type": "PHK_NOTICE",
    "letter_number": "021/HRD",
    "letter_date": date(2026, 9, 3),
    "reason_code": "R432",
    "workplace_region": "3215",
    "contract_type": "PKWTT",
    "held_at": "OFFICE",
    "notice_delivered_date": date(2026, 9, 3),
    "effective_date": date(2026, 9, 24),
}
# Four years at Rp4,800,000, to prevent a loss (Pasal 43(2)): severance 24,000,000 and UPMK 9,600,000.
PAID = {
    **NOTICE,
    "enterprise_size": "BESAR",
    "start_date": date(2022, 9, 24),
    "last_wage_basic": Decimal("4600000.00"),
    "fixed_allowance": Decimal("200000.00"),
    "severance_amount": Decimal("24000000.00"),
    "upmk_amount": Decimal("9600000.00"),
}


@pytest.fixture
def told(register):
    """Puts Siti's letter at the office in Karawang."""

    def put(letter=NOTICE, office="dinas_3215", record="o1", seq=1, **fields):
        return register.add(office, "termination_letter", record, seq=seq, **{**letter, **fields})

    return put


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({}, None),
        ({"effective_date": date(2026, 9, 23)}, None),  # the fourteenth working day
        ({"effective_date": date(2026, 9, 22)}, "high"),
        ({"contract_type": "PROBATION", "effective_date": date(2026, 9, 14)}, None),  # seven
        ({"contract_type": "PROBATION", "effective_date": date(2026, 9, 11)}, "high"),
        ({"reason_code": "R522", "effective_date": date(2026, 9, 4)}, None),  # an urgent breach needs none
        ({"letter_type": "RESIGNATION_STATEMENT", "effective_date": date(2026, 9, 4)}, None),
        ({"notice_delivered_date": None, "effective_date": date(2026, 9, 4)}, None),  # not typed there
        # Over a birthday of the Prophet that no decree has fixed yet.
        ({"notice_delivered_date": date(2026, 8, 7), "effective_date": date(2026, 8, 28)}, "warn"),
        (
            {"effective_date": date(2020, 9, 4), "notice_delivered_date": date(2020, 9, 3)},
            None,
        ),  # before the law
    ],
)
def test_let03_how_long_the_notice_was(told, fields, severity):
    """Working days by the calendar; a warning while it depends on holidays that are not decided."""
    found = [case for case in told(**fields).ask(judged.short_notice, TODAY) if case["found"]]
    assert [case["severity"] for case in found] == ([severity] if severity else [])


def test_let03_says_what_the_letter_says_and_what_the_law_asks(told):
    """Delivered on 3 September, in force on the 10th; the 23rd would be in order."""
    (case,) = told(effective_date=date(2026, 9, 10)).ask(judged.short_notice, TODAY)
    assert case["records"] == ["o1"]
    assert case["office"] == "dinas_3215"
    assert case["side_a"]["value"] == "2026-09-03, 2026-09-10"
    assert (case["side_b"]["office"], case["side_b"]["value"]) == ("pp-35-2021", "2026-09-23")


def test_let03_once_for_all_copies(told):
    """BPJS and the office have the letter: one case, which keeps its id when the office's copy comes."""
    told(office="bpjs", record="b1", effective_date=date(2026, 9, 10), held_at="BPJS")
    register = told(seq=2, letter_number="21-HRD", effective_date=date(2026, 9, 10))
    (case,) = register.ask(judged.short_notice, TODAY)
    assert (case["records"], case["side_a"]["office"]) == (["b1"], "dinas_3215")


@pytest.mark.parametrize("kind", ["CORRECTION", "WITHDRAWAL"])
def test_let03_closes_when_the_letter_is_replaced(told, kind):
    """A correction with a later date, or a withdrawal."""
    told(effective_date=date(2026, 9, 10))
    revised = {"letter_type": kind, "letter_number": "022/HRD", "supersedes_number": "021/HRD"}
    register = told(record="o2", **revised)
    assert register.opens(judged.short_notice, TODAY) == []
    (first,) = [case for case in register.ask(judged.short_notice, TODAY) if case["records"] == ["o1"]]
    assert first["closing"] == f"replaced by a letter that names it ({kind}), record o2"


def test_let03_a_correction_is_judged_too(told):
    """It moves the date, but not far enough."""
    told(effective_date=date(2026, 9, 10))
    revised = {"letter_type": "CORRECTION", "letter_number": "022/HRD", "supersedes_number": "021/HRD"}
    register = told(record="o2", effective_date=date(2026, 9, 21), **revised)
    assert register.opens(judged.short_notice, TODAY) == [["o2"]]


@pytest.mark.parametrize(
    ("fields", "low"),
    [
        ({}, None),
        ({"severance_amount": Decimal("23999999.00")}, None),  # sums agree to one rupiah
        ({"severance_amount": Decimal("23000000.00")}, "severance_amount"),
        ({"upmk_amount": Decimal(0)}, "upmk_amount"),
        ({"upmk_amount": None}, None),  # not typed there
        ({"severance_amount": Decimal("99000000.00")}, None),  # more than the minimum is nobody's concern
        ({"enterprise_size": "MIKRO", "severance_amount": Decimal(0)}, None),  # by agreement
        ({"enterprise_size": None, "severance_amount": Decimal(0)}, None),  # nobody knows its size
        (
            {"reason_code": "R431", "severance_amount": Decimal("12000000.00")},
            None,
        ),  # because of a loss: half
        ({"letter_type": "RESIGNATION_STATEMENT", "severance_amount": Decimal(0)}, None),
        (
            {
                "contract_type": "PKWT",
                "reason_code": "RPK3",
                "contract_end_date": date(2027, 9, 23),
                "pkwt_compensation": Decimal("1000000.00"),
            },
            "pkwt_compensation",
        ),
    ],
)
def test_let04_what_is_paid_at_least(told, fields, low):
    """Severance, long-service pay and the compensation of a fixed term."""
    found = [case for case in told(PAID, **fields).ask(judged.below_minimum, TODAY) if case["found"]]
    assert [case["side_a"]["field"] for case in found] == ([low] if low else [])


def test_let04_tells_the_letter_and_the_minimum(told):
    """Both amounts under one name, so that the report can say which is higher without saying either."""
    low = {"severance_amount": Decimal("20000000.00"), "upmk_amount": Decimal("9000000.00")}
    (case,) = told(PAID, **low).ask(judged.below_minimum, TODAY)
    assert case["severity"] == "high"
    assert case["side_a"]["field"] == case["side_b"]["field"] == "severance_amount, upmk_amount"
    assert case["side_a"]["value"] == "20000000.00, 9000000.00"
    assert case["side_b"]["value"] == "24000000.00, 9600000.00"


@pytest.mark.parametrize(
    ("employers", "opens"),
    [
        ([("BESAR", "bpjs")], True),
        ([("KECIL", "bpjs")], False),
        ([("BESAR", "bpjs"), ("KECIL", "kemnaker")], False),  # a doubt accuses nobody
        ([("BESAR", "bpjs"), (None, "kemnaker")], True),
    ],
)
def test_let04_the_size_as_others_know_it(told, employers, opens):
    """The copy says nothing of the enterprise's size."""
    register = told(PAID, enterprise_size=None, severance_amount=Decimal(0))
    for place, (size, office) in enumerate(employers):
        register.add(office, "employer", f"e{place}", person=None, enterprise_size=size)
    assert bool(register.opens(judged.below_minimum, TODAY)) is opens


@pytest.mark.parametrize(
    ("settlement", "severity"),
    [
        ({"pb_number": "12/PB/2026"}, "info"),
        ({"pb_date": date(2026, 9, 20)}, "info"),
        ({"evidence_kind": "E2b"}, "info"),
        ({"evidence_kind": "E1"}, "high"),
        ({"pb_number": "12/PB/2026", "firm": "jaya"}, "high"),
        ({"pb_number": "12/PB/2025", "effective_date": date(2025, 9, 24)}, "high"),  # of another termination
    ],
)
def test_let04_with_a_settlement_agreement_it_is_noted_only(told, settlement, severity):
    """The office knows of one about this termination."""
    register = told(PAID, severance_amount=Decimal(0))
    case = {"effective_date": date(2026, 9, 24), **settlement}
    register.add("dinas_3215", "termination_case", "c1", **case)
    assert [found["severity"] for found in register.ask(judged.below_minimum, TODAY)] == [severity]


def test_let04_waits_for_the_office_that_may_have_the_settlement(told):
    """Karawang is silent tonight: nothing is concluded. Makassar is not configured: a warning."""
    register = told(PAID, severance_amount=Decimal(0))
    register.silent = {("dinas_3215", "termination_case")}
    assert register.opens(judged.below_minimum, TODAY) == []
    register.silent = set()
    assert register.opens(judged.below_minimum, TODAY) == [["o1"]]
    register.rows["termination_letter"][0]["workplace_region"] = "7371"
    (case,) = register.ask(judged.below_minimum, TODAY)
    assert (case["found"], case["may_open"], case["severity"]) == (True, True, "warn")
