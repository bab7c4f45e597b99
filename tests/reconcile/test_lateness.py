"""PHK-03 to PHK-06 and CON-02: what came too late, proof that does not carry, a wage that differs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jendela.reconcile import lateness, proof, wages

TODAY = date(2026, 10, 15)
ENDED = date(2026, 9, 24)  # a Thursday; the seventh working day after it is 5 October
NOTICE = {
    "letter_type": "PHK_NOTICE",
    "letter_number": "021/HRD",
    "letter_date": date(2026, 9, 3),
    "notice_delivered_date": date(2026, 9, 3),
    "reason_code": "R432",
    "workplace_region": "3215",
    "effective_date": ENDED,
    "held_at": "OFFICE",
}


def report(register, **fields):
    """The employer's report at the office in Karawang."""
    told = {
        "letter_number": "021/HRD",
        "reason_code": "R432",
        "effective_date": ENDED,
        "workplace_region": "3215",
        "office_code": "3215",
    }
    return register.add("dinas_3215", "termination_case", fields.pop("record", "c1"), **{**told, **fields})


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"report_received_date": date(2026, 9, 10)}, False),  # before the end
        ({"report_received_date": date(2026, 10, 5)}, False),
        ({"report_received_date": date(2026, 10, 6)}, True),
        ({"report_receipt_date": date(2026, 10, 6)}, True),  # the day of the receipt, where no other is known
        ({}, False),  # nobody knows when
        ({"report_received_date": date(2026, 10, 6), "effective_date": None}, False),
        ({"report_received_date": date(2026, 10, 6), "reason_code": "R50"}, False),  # none was owed
        # Over Christmas Eve, which is joint leave: it never decides alone.
        ({"effective_date": date(2026, 12, 15), "report_received_date": date(2026, 12, 28)}, False),
        ({"effective_date": date(2026, 12, 15), "report_received_date": date(2026, 12, 29)}, True),
    ],
)
def test_phk03_the_report_came_late(register, fields, opens):
    """Later than the seventh working day."""
    assert report(register, **fields).opens(lateness.reports, TODAY) == ([["c1"]] if opens else [])


def test_phk03_of_two_reports_the_earlier_one_counts(register):
    """The same termination was reported to two offices."""
    report(register, report_received_date=date(2026, 10, 12), fact="f1")
    assert register.opens(lateness.reports, TODAY) == [["c1"]]
    register.add(
        "dinas_6471",
        "termination_case",
        "c2",
        fact="f1",
        seq=2,
        effective_date=ENDED,
        report_received_date=date(2026, 9, 28),
    )
    (case,) = register.ask(lateness.reports, TODAY)
    assert (case["records"], case["found"], case["closing"]) == (["c1"], False, "the report came in time")


def test_phk03_tells_the_day_and_the_last_day(register):
    """With the regime that lays the measure down."""
    (case,) = report(register, report_received_date=date(2026, 10, 9)).ask(lateness.reports, TODAY)
    assert (case["side_a"]["value"], case["side_b"]["value"]) == ("2026-10-09", "2026-10-05")
    assert case["regime"] == case["side_b"]["office"] == "permenaker-2-2025"


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"deactivated_date": date(2026, 10, 5)}, False),
        ({"deactivated_date": date(2026, 10, 6)}, True),
        ({"deactivated_date": None}, False),
        ({"deactivated_date": date(2026, 10, 6), "end_cause": "RESIGNATION"}, False),
    ],
)
def test_phk04_bpjs_was_told_late(register, fields, opens):
    """Later than the seventh working day after the end that BPJS itself has."""
    told = {"end_cause": "TERMINATION", "end_date": ENDED, "workplace_region": "3215", **fields}
    register.add("bpjs", "employment", "b1", **told)
    assert register.opens(lateness.deactivations, TODAY) == ([["b1"]] if opens else [])


@pytest.mark.parametrize(
    ("entity", "ended", "opens"),
    [
        ("termination_letter", date(2026, 9, 14), True),
        ("termination_letter", date(2026, 9, 23), False),
        ("termination_case", date(2026, 9, 14), True),
        ("termination_letter", date(2026, 1, 14), False),  # of another termination
    ],
)
def test_phk04_counts_from_the_letter(register, entity, ended, opens):
    """An employer who tells BPJS a later end is not in time by that."""
    told = {"end_cause": "TERMINATION", "end_date": ENDED, "deactivated_date": date(2026, 9, 29)}
    register.add("bpjs", "employment", "b1", **told)
    fields = {**NOTICE, "effective_date": ended}
    kept = fields if entity == "termination_letter" else {"effective_date": ended}
    register.add("dinas_3215", entity, "x1", **kept)
    assert bool(register.opens(lateness.deactivations, TODAY)) is opens


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({"worker_response": "NOT_REJECTED", "evidence_kind": "E1"}, None),
        ({"worker_response": "REJECTED", "evidence_kind": "E1"}, "high"),
        ({"worker_response": "REJECTED", "evidence_kind": "NONE_YET"}, "high"),
        ({"worker_response": "REJECTED"}, None),  # the office does not say which kind: nothing is concluded
        ({"worker_response": "REJECTED", "evidence_kind": "E2b", "pb_date": ENDED}, None),
        ({"worker_response": "REJECTED", "evidence_kind": "E2b", "pb_date": date(2026, 9, 30)}, "high"),
        ({"worker_response": "REJECTED", "evidence_kind": "E2b"}, "warn"),  # of no date
        ({"worker_response": "REJECTED", "evidence_kind": "E3"}, "warn"),
        (
            {
                "worker_response": "REJECTED",
                "worker_response_date": date(2026, 9, 15),  # the seventh working day was the 14th
                "evidence_kind": "E2b",
                "pb_date": ENDED,
            },
            "warn",
        ),
    ],
)
def test_phk05_a_rejected_termination_rests_on_a_settlement_or_a_decision(register, fields, severity):
    """And takes effect no earlier (MK 168)."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    found = [case for case in report(register, **fields).ask(proof.find, TODAY, "PHK-05") if case["found"]]
    assert [case["severity"] for case in found] == ([severity] if severity else [])


def test_phk05_before_the_constitutional_court_decided(register):
    """On 30 October 2024 the older reading held."""
    told = {"worker_response": "REJECTED", "evidence_kind": "E2b", "pb_date": date(2024, 11, 20)}
    report(register, effective_date=date(2024, 10, 30), **told)
    assert register.opens(proof.find, TODAY, "PHK-05") == []
    register.rows["termination_case"][0]["effective_date"] = date(2024, 10, 31)
    assert register.opens(proof.find, TODAY, "PHK-05") == [["c1"]]


RECEIPT = {"report_receipt_no": "560/1", "report_receipt_date": date(2026, 9, 28)}


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"worker_response": "NOT_REJECTED", **RECEIPT}, False),
        ({"worker_response": "NO_RESPONSE", **RECEIPT}, True),  # nobody acknowledged it
        ({"worker_response": "NOT_REJECTED", "report_receipt_no": "560/1"}, True),
        ({"worker_response": "NOT_REJECTED", **RECEIPT, "report_receipt_date": date(2026, 9, 2)}, True),
        ({"evidence_kind": "E2b", "worker_response": "REJECTED"}, False),
        ({"evidence_kind": None}, False),
    ],
)
def test_phk06_what_proof_e1_needs(register, fields, opens):
    """The acknowledgement, and a receipt that is not older than the letter."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    report(register, **{"evidence_kind": "E1", **fields})
    assert register.opens(proof.find, TODAY, "PHK-06") == ([["c1"]] if opens else [])


def test_phk06_a_correction_after_the_receipt_does_not_make_it_too_early(register):
    """The receipt is of the first letter."""
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE)
    report(register, evidence_kind="E1", worker_response="NOT_REJECTED", **RECEIPT)
    corrected = {"letter_type": "CORRECTION", "letter_number": "022", "supersedes_number": "021/HRD"}
    late = {"letter_date": date(2026, 10, 1)}
    register.add("dinas_3215", "termination_letter", "o2", **{**NOTICE, **corrected, **late})
    assert register.opens(proof.find, TODAY, "PHK-06") == []


@pytest.mark.parametrize(
    ("stated", "at_bpjs", "opens"),
    [
        ("5000000.00", "5000000.00", False),
        ("5250000.00", "5000000.00", False),  # five percent, inclusive
        ("5250001.00", "5000000.00", True),
        ("4749999.00", "5000000.00", True),
        (None, "5000000.00", False),
        ("5000000.00", None, False),
    ],
)
def test_con02_the_wage_reported_to_bpjs(register, stated, at_bpjs, opens):
    """As the letter says it was, and as it is there."""
    wage = {"last_wage_reported_bpjs": Decimal(stated) if stated else None}
    register.add("dinas_3215", "termination_letter", "o1", **NOTICE, **wage)
    spell = {"end_date": ENDED, "wage_reported": Decimal(at_bpjs) if at_bpjs else None}
    register.add("bpjs", "employment", "b1", **spell)
    assert register.opens(wages.find, TODAY) == ([["o1"]] if opens else [])


def test_con02_the_spell_that_ended_then(register):
    """Siti had been there before; both amounts stand under one name: only higher or lower is told."""
    told = {**NOTICE, "last_wage_reported_bpjs": Decimal("5000000.00")}
    register.add("dinas_3215", "termination_letter", "o1", **told)
    old = {"end_date": date(2019, 9, 24), "wage_reported": Decimal("3000000.00")}
    register.add("bpjs", "employment", "b1", **old)
    assert register.opens(wages.find, TODAY) == []
    register.add("bpjs", "employment", "b2", end_date=None, wage_reported=Decimal("4000000.00"))
    (case,) = register.ask(wages.find, TODAY)
    assert case["found"]
    assert case["side_a"]["field"] == case["side_b"]["field"]
    assert case["side_b"]["record_id"] == "b2"
